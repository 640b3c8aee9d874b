// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {ISettlementRouter} from "../../../contracts/settlement/ISettlementRouter.sol";

/// @notice A Commons with mutable milestones, paid by id alone: stewards can change them after voters read them.
contract SwappableCommons {
    struct Milestone {
        address steward;
        uint256 amount;
        bytes32 evidenceHash;
    }

    IERC20 private immutable _TOKEN;
    mapping(uint256 milestoneId => Milestone) public milestones;

    constructor(IERC20 token) {
        _TOKEN = token;
    }

    function setMilestone(uint256 milestoneId, uint256 amount, bytes32 evidenceHash) external {
        milestones[milestoneId] = Milestone(msg.sender, amount, evidenceHash);
    }

    function release(uint256 milestoneId) external {
        Milestone memory milestone = milestones[milestoneId];
        delete milestones[milestoneId];
        _TOKEN.transfer(milestone.steward, milestone.amount);
    }
}

/// @notice A Commons with transfers before writes, and without a reentrancy guard.
contract EagerCommons {
    mapping(address token => uint256) public inVaults;
    bool public released;

    function deposit(IERC20 token, uint256 amount) external {
        token.transferFrom(msg.sender, address(this), amount);
        inVaults[address(token)] += amount;
    }

    function assign(IERC20 token) external {
        inVaults[address(token)] = token.balanceOf(address(this));
    }

    function release(ISettlementRouter router, IERC20 token, uint128 amount) external {
        if (released) return;
        if (address(router) == address(0)) token.transfer(msg.sender, amount);
        else _payService(router, token, amount);
        released = true;
    }

    function _payService(ISettlementRouter router, IERC20 token, uint128 amount) private {
        token.approve(address(router), amount);
        router.pay(1, address(token), amount, "");
    }
}

/// @notice A registry of one champion. A recall does not clear the operator proposed before.
contract ForgetfulRegistry {
    address public operator = msg.sender;
    address public pendingOperator;

    function proposeOperator(address account) external {
        if (msg.sender == operator) pendingOperator = account;
    }

    function acceptOperator() external {
        if (msg.sender == pendingOperator) operator = msg.sender;
    }

    function replaceOperator(address account) external {
        operator = account;
    }
}

/// @notice A Commons of one vault, without a time to stand and without a limit: its admin releases anything at once.
contract BoundlessCommons {
    address private immutable _ADMIN;
    address public steward;
    uint256 public amount;

    constructor(address admin) {
        _ADMIN = admin;
    }

    function setSteward(address account) external {
        if (msg.sender == _ADMIN) steward = account;
    }

    function proposeMilestone(uint256 requested) external {
        if (msg.sender == steward) amount = requested;
    }

    function release(IERC20 token) external {
        if (msg.sender == _ADMIN) token.transfer(steward, amount);
    }
}
