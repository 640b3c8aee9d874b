// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Rents a license as the reference of ERC-4907 does: the user signs from now until the end, then the holder.
contract AbruptRentals {
    address public holder = msg.sender;
    address public user;
    uint256 public expires;
    uint256 public settled;

    error SignerWrong(address signer);

    function setUser(address newUser, uint256 newExpires) external {
        if (msg.sender != holder) revert();
        (user, expires) = (newUser, newExpires);
    }

    function signerOf() public view returns (address) {
        return block.timestamp < expires ? user : holder;
    }

    /// @param signer as recovered from a voucher's signature
    function settle(address signer, uint256 units) external {
        if (signer != signerOf()) revert SignerWrong(signer);
        settled = units;
    }
}

/// @notice Makes the user the signer by a transaction, and asks for its end only where the user calls.
contract LingeringRentals {
    address public holder = msg.sender;
    address public signer = msg.sender;
    address public user;
    uint256 public expires;

    error UserExpired(address user);

    function setUser(address newUser, uint256 newExpires) external {
        if (msg.sender != holder) revert();
        (user, expires, signer) = (newUser, newExpires, newUser);
    }

    function setSigner(address newSigner) external {
        if (msg.sender != user || block.timestamp >= expires) revert UserExpired(msg.sender);
        signer = newSigner;
    }

    function authorize(address key) external view returns (bool) {
        return key == signer;
    }
}

/// @notice Renews a subscription from the moment of the call, as `renew` does.
contract EagerSubscriptions {
    uint256 public constant DURATION = 30 days;

    uint256 public expiry = block.timestamp + DURATION;
    uint256 public termsPaid = 1;

    error RenewalEarly();

    function renewSubscription() external {
        if (block.timestamp < expiry - DURATION / 2) revert RenewalEarly();
        expiry = block.timestamp + DURATION;
        ++termsPaid;
    }
}
