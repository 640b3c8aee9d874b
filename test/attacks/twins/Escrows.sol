// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Rounds the price of each release on its own, up or down.
contract RoundedEscrow {
    uint256 private constant MILLION = 1_000_000;

    uint256 public immutable PRICE_PER_MILLION;
    bool public immutable UP;
    uint256 public balance;
    uint256 public released;

    constructor(uint256 pricePerMillion, bool up) {
        PRICE_PER_MILLION = pricePerMillion;
        UP = up;
    }

    function deposit(uint256 units) external {
        balance += (units * PRICE_PER_MILLION + MILLION - 1) / MILLION;
    }

    function release(uint256 units) external {
        uint256 amount = (units * PRICE_PER_MILLION + (UP ? MILLION - 1 : 0)) / MILLION;
        balance -= amount;
        released += amount;
    }
}

/// @notice Counts open licenses, and sweeps only when there are none.
contract CountedEscrow {
    uint256 public balance;
    uint256 public licenses;

    function mint(uint256 price) external {
        balance += price;
        ++licenses;
    }

    function lapse() external {
        --licenses;
    }

    function sweep() external returns (uint256 amount) {
        if (licenses != 0) revert();
        amount = balance;
        balance = 0;
    }
}

/// @notice Limits a license's units over its whole life, renewals included.
contract LifetimeTerms {
    uint256 public constant MAX_UNITS = 10_000;

    uint256 public prepaid;

    function topUp(uint256 units) public {
        if (prepaid + units > MAX_UNITS) revert();
        prepaid += units;
    }

    function renew(uint256 units) external {
        topUp(units);
    }
}
