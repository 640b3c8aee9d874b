// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {ICommons} from "../../../contracts/commons/ICommons.sol";

/// @notice Sells a lot of any size, for any bid.
contract ReservelessSale {
    uint256 private immutable _COINS;
    IERC20 private immutable _CURRENCY;
    uint256 public total;
    mapping(address buyer => uint256) public contributionOf;

    constructor(uint256 coins, IERC20 currency) {
        (_COINS, _CURRENCY) = (coins, currency);
    }

    function contribute(uint256 amount) external {
        _CURRENCY.transferFrom(msg.sender, address(this), amount);
        contributionOf[msg.sender] += amount;
        total += amount;
    }

    function coinsOf(address buyer) external view returns (uint256) {
        return (contributionOf[buyer] * _COINS) / total;
    }
}

/// @notice Takes its balance for the contribution.
contract BalanceSale {
    uint256 private immutable _COINS;
    IERC20 private immutable _CURRENCY;
    mapping(address buyer => uint256) public contributionOf;

    constructor(uint256 coins, IERC20 currency) {
        (_COINS, _CURRENCY) = (coins, currency);
    }

    function contribute(uint256 amount) external {
        _CURRENCY.transferFrom(msg.sender, address(this), amount);
        contributionOf[msg.sender] += amount;
    }

    function coinsOf(address buyer) external view returns (uint256) {
        return (contributionOf[buyer] * _COINS) / _CURRENCY.balanceOf(address(this));
    }
}

/// @notice Pays for the current programme instead of the lot's own.
contract RedirectedSale {
    ICommons private immutable _COMMONS;
    IERC20 private immutable _CURRENCY;
    uint64 public programmeId;

    constructor(ICommons commons, IERC20 currency) {
        (_COMMONS, _CURRENCY) = (commons, currency);
    }

    function setProgramme(uint64 newProgrammeId) external {
        programmeId = newProgrammeId;
    }

    function contribute(uint128 amount) external {
        _CURRENCY.transferFrom(msg.sender, address(this), amount);
        _CURRENCY.approve(address(_COMMONS), amount);
        _COMMONS.deposit(programmeId, address(_CURRENCY), amount);
    }
}

/// @notice Lets buyers claim while others still pay, and does not record claims.
contract HastySale {
    uint256 private immutable _COINS;
    uint256 private immutable _RESERVED;
    uint256 public total;
    uint256 public claimed;
    mapping(address buyer => uint256) public contributionOf;

    /// @param reserved price of all coins at the reserve
    constructor(uint256 coins, uint256 reserved) {
        (_COINS, _RESERVED) = (coins, reserved);
    }

    function contribute(uint256 amount) external {
        contributionOf[msg.sender] += amount;
        total += amount;
    }

    function claim(address buyer) external {
        claimed += (contributionOf[buyer] * _COINS) / (total > _RESERVED ? total : _RESERVED);
    }
}

/// @notice Writes a total read before the transfer.
contract EagerSale {
    uint256 public constant COINS = 1_000;
    IERC20 private immutable _CURRENCY;
    uint256 public total;
    mapping(address buyer => uint256) public contributionOf;

    constructor(IERC20 currency) {
        _CURRENCY = currency;
    }

    function contribute(address payer, uint256 amount) external {
        uint256 before = total;
        _CURRENCY.transferFrom(payer, address(this), amount);
        contributionOf[payer] += amount;
        total = before + amount;
    }

    function coinsOf(address buyer) external view returns (uint256) {
        return (contributionOf[buyer] * COINS) / total;
    }
}

/// @notice Puts the whole stock on sale.
contract UnlimitedSale {
    uint256 public waiting;

    function stock(uint256 amount) external {
        waiting += amount;
    }

    function open() external returns (uint256 coins) {
        (coins, waiting) = (waiting, 0);
    }
}

/// @notice Counts a round only if no newer one was minted before.
contract LatestSale {
    uint256 public waiting;
    uint256 public best;
    uint256 public latest;

    function stock(uint256 round, uint256 amount) external {
        waiting += amount;
        if (round < latest) return;
        latest = round;
        if (amount > best) best = amount;
    }

    function size() external view returns (uint256) {
        return waiting < 2 * best ? waiting : 2 * best;
    }
}
