// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @notice A pool in one token without consent, curator and guard. Each twin below leaves out one more defence.
abstract contract PoolTwin {
    IERC20 internal immutable _CURRENCY;

    uint256 public received;
    uint256 public withdrawn;
    uint256 public units;
    uint256 internal _perUnit;
    mapping(address member => uint256) public unitsOf;
    mapping(address member => uint256) internal _settledAt;
    mapping(address member => uint256) internal _earned;

    constructor(IERC20 currency) {
        _CURRENCY = currency;
    }

    function credit(address member, uint256 added) external virtual {
        sync();
        _settle(member);
        unitsOf[member] += added;
        units += added;
    }

    function sync() public {
        uint256 amount = _CURRENCY.balanceOf(address(this)) - (received - withdrawn);
        if (amount == 0 || units == 0) return;
        received += amount;
        _perUnit += amount / units;
    }

    function _settle(address member) internal {
        _earned[member] += (_perUnit - _settledAt[member]) * unitsOf[member];
        _settledAt[member] = _perUnit;
    }

    function withdraw(address member) external {
        sync();
        _settle(member);
        uint256 amount = _earned[member];
        _earned[member] = 0;
        withdrawn += amount;
        _CURRENCY.transfer(member, amount);
    }

    /// @notice What members are owed, as far as it was counted.
    function owed() external view returns (uint256) {
        return received - withdrawn;
    }
}

/// @notice Credits before it counts what arrived.
contract UnsyncedPool is PoolTwin {
    constructor(IERC20 currency) PoolTwin(currency) {}

    function credit(address member, uint256 added) external override {
        _settle(member);
        unitsOf[member] += added;
        units += added;
    }
}

/// @notice Lets new units earn from the beginning.
contract DebtlessPool is PoolTwin {
    constructor(IERC20 currency) PoolTwin(currency) {}

    function credit(address member, uint256 added) external override {
        sync();
        unitsOf[member] += added;
        units += added;
    }
}

/// @notice Does all effects before the payment, but has no guard.
contract UnguardedPool is PoolTwin {
    constructor(IERC20 currency) PoolTwin(currency) {}
}

/// @notice Accepts the same signed consent again.
contract NoncelessPool {
    mapping(address member => bool) public joined;

    function joinFor(address member, bytes32 digest, bytes calldata signature) external {
        if (ECDSA.recover(digest, signature) == member) joined[member] = true;
    }

    function quit() external {
        joined[msg.sender] = false;
    }
}

/// @notice Fails a credit if any currency ever received fails.
contract ForcedPool {
    address[] public currencies;
    uint256 public units;

    /// @notice Anyone adds a currency.
    function open(address currency) external {
        currencies.push(currency);
    }

    function credit(uint256 added) external {
        for (uint256 i; i < currencies.length; ++i) IERC20(currencies[i]).balanceOf(address(this));
        units += added;
    }
}
