// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Registers derivatives in anyone's name, without a look at the license.
contract TrustingRegistry {
    struct Derivative {
        address author;
        uint64 parentId;
        uint16 shareBps;
    }

    Derivative[] public derivatives;

    function registerDerivative(address author, uint64 parentId, uint16 shareBps) external {
        derivatives.push(Derivative(author, parentId, shareBps));
    }
}

/// @notice Writes the parent's row at registration only.
contract ForgetfulTable {
    uint256 public parentUnits;
    uint256 public ownUnits;

    function register(uint16 shareBps) external {
        (parentUnits, ownUnits) = (shareBps, 10_000 - shareBps);
    }

    function setShares(uint256 newParentUnits, uint256 newOwnUnits) external {
        (parentUnits, ownUnits) = (newParentUnits, newOwnUnits);
    }
}

/// @notice Keeps own units as given and rounds the parent's down.
contract RoundingTable {
    uint256 public parentUnits;
    uint256 public ownUnits;

    function setShares(uint256 shareBps, uint256 newOwnUnits) external {
        (parentUnits, ownUnits) = ((newOwnUnits * shareBps) / (10_000 - shareBps), newOwnUnits);
    }
}
