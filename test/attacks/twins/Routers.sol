// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @notice Splits each payment on its own, rounding down, the remainder to data.
contract FloorSplitter {
    uint256 public data;
    uint256 public model;
    uint256 public compute;
    uint256 public platform;

    function pay(uint256 amount) external {
        (uint256 m, uint256 c, uint256 p) = ((amount * 3) / 10, (amount * 2) / 10, amount / 10);
        model += m;
        compute += c;
        platform += p;
        data += amount - m - c - p;
    }
}

/// @notice Splits the total by independent floors, the remainder to data.
contract FloorTotal {
    uint256 public total;

    function pay(uint256 amount) external {
        total += amount;
    }

    function data() external view returns (uint256) {
        return total - (total * 3) / 10 - (total * 2) / 10 - total / 10;
    }
}

/// @notice Pays before it writes, without a reentrancy guard.
contract UnguardedVault {
    mapping(address account => mapping(address token => uint256)) public withdrawable;

    function credit(address account, address token, uint256 amount) external {
        withdrawable[account][token] += amount;
        IERC20(token).transferFrom(msg.sender, address(this), amount);
    }

    function withdraw(address account, address token) external {
        uint256 amount = withdrawable[account][token];
        IERC20(token).transfer(account, amount);
        withdrawable[account][token] = 0;
    }
}

/// @notice Credits the requested amount instead of the received one.
contract UncheckedVault {
    mapping(address account => mapping(address token => uint256)) public withdrawable;

    function pay(address account, address token, uint256 amount) external {
        withdrawable[account][token] += amount;
        IERC20(token).transferFrom(msg.sender, address(this), amount);
    }

    function withdraw(address account, address token) external {
        uint256 amount = withdrawable[account][token];
        withdrawable[account][token] = 0;
        IERC20(token).transfer(account, amount);
    }
}

/// @notice Lets every admitted ledger release every offer's escrow.
contract SharedEscrow {
    mapping(address ledger => bool) public admitted;
    mapping(uint64 offerId => uint256) public escrow;
    mapping(address account => uint256) public withdrawable;

    function admit(address ledger) external {
        admitted[ledger] = true;
    }

    function deposit(uint64 offerId, uint256 amount) external {
        escrow[offerId] += amount;
    }

    function release(uint64 offerId, uint128 units, address payee) external {
        if (!admitted[msg.sender]) revert();
        escrow[offerId] -= units;
        withdrawable[payee] += units;
    }
}

/// @notice Remembers claims by their range instead of by earner.
contract RangeClaimer {
    uint256 public constant EARNED = 100;

    mapping(bytes32 range => bool) public claimed;
    mapping(uint256 earner => uint256) public paid;

    function claim(uint256 first, uint256 count) external {
        bytes32 range = keccak256(abi.encode(first, count));
        if (claimed[range]) return;
        claimed[range] = true;
        for (uint256 i = first; i < first + count; ++i) paid[i] += EARNED;
    }
}

/// @notice Takes the sector's part from the whole platform leg, and not from what the application leaves.
contract GrossSharer {
    uint256 public constant PART_BPS = 5_000;

    uint256 public commons;
    uint256 public application;
    uint256 public sector;

    function release(uint256 platform) external {
        uint256 part = (platform * PART_BPS) / 10_000;
        application += part;
        sector += part;
        commons += platform - 2 * part;
    }
}

/// @notice Pays a sector's earnings to the account of the time of payment, and not of the time of use.
contract LateSharer {
    address public account;
    uint256 public earned;
    mapping(address account => uint256) public paid;

    function setAccount(address newAccount) external {
        account = newAccount;
    }

    function release(uint256 platform) external {
        earned += platform / 2;
    }

    function withdraw() external {
        (paid[account], earned) = (paid[account] + earned, 0);
    }
}
