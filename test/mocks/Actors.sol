// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

import {ISettlementRouter} from "../../contracts/settlement/ISettlementRouter.sol";

/// @notice A ledger without checks: releases anything. Every meter exists there.
contract GreedyLedger {
    function lastMeterId() external pure returns (uint32) {
        return type(uint32).max;
    }

    function release(ISettlementRouter router, uint64 offerId, uint128 units, address payee) external {
        router.release(offerId, units, payee);
    }
}

/// @notice A wallet without a key of its own.
contract KeylessWallet {
    function execute(address target, bytes calldata data) external returns (bytes memory) {
        return Address.functionCall(target, data);
    }
}

/// @notice An ERC-1271 wallet: signatures by its owner's key are valid.
contract SigningWallet is IERC1271 {
    address private immutable OWNER;

    constructor(address owner) {
        OWNER = owner;
    }

    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        return ECDSA.recover(hash, signature) == OWNER ? this.isValidSignature.selector : bytes4(0);
    }
}
