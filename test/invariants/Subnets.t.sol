// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Handler} from "../utils/Handler.sol";
import {InvariantTest} from "../utils/InvariantTest.sol";
import {PotHandler} from "./subnets/PotHandler.sol";
import {ScoreHandler} from "./subnets/ScoreHandler.sol";

/// @dev In the test's own file: the runner knows no other file's contracts when it runs this one only.
contract SubnetActor is PotHandler {}

/// @notice The laws of subnets, for any actions in any order.
contract SubnetInvariantTest is InvariantTest {
    uint256 private constant STEPS = 4_000;

    SubnetActor private _handler;

    function setUp() public {
        _handler = SubnetActor(deploy("test/invariants/Subnets.t.sol:SubnetActor", ""));
    }

    function _target() internal view override returns (Handler) {
        return _handler;
    }

    /// @dev One campaign for all laws: the runner would repeat the walk for each.
    function invariant_PotsAndStakesAreWhereTheLawsSay() public view {
        _checkLaws();
    }

    function _checkLaws() internal view override {
        _handler.checkMoney();
        _handler.checkVotes();
    }

    function afterInvariant() public view {
        _handler.checkBooks();
        _handler.checkActivity();
    }

    function test_EverythingHappensOnALongWalk() public {
        _walk(0, STEPS, 50);
        _handler.checkBooks();
        _handler.checkOutcomes();
    }
}

/// @notice Within an epoch the order of calls changes nothing.
contract SubnetOrderTest is ScoreHandler {
    uint256 private constant CALLS = 9;

    /// @dev Three reveals, and a stake and a request to unstake of each validator. The validators are not immune any more.
    /// hardhat-config: fuzz.runs = 64
    function testFuzz_OrderOfCallsChangesNothing(uint256 seed) public {
        _warp(2 hours);
        for (uint256 i; i < 3; ++i) _commit(_people[i], 1, _row(_pick(seed, i, 1 << 32), 1, _people[i]));
        _warp(45 minutes);
        uint256 state = VM.snapshotState();
        bytes32 result = _resultOf(seed, 1);
        check(VM.revertToState(state), "The first order is undone");
        check(result == _resultOf(seed, 2), "The order of calls within an epoch changes nothing");
    }

    function _warp(uint256 duration) private {
        _now += duration;
        VM.warp(_now);
    }

    function _resultOf(uint256 seed, uint256 order) private returns (bytes32) {
        uint256[] memory calls = _shuffled(uint256(keccak256(abi.encode(seed, order))));
        for (uint256 k; k < CALLS; ++k) _call(seed, calls[k]);
        uint32 epoch = _pending[1];
        _warp(15 minutes);
        _runEpoch(1);
        uint256[] memory stakes = new uint256[](3);
        for (uint256 i; i < 3; ++i) stakes[i] = _HUB.countedStakeOf(1, _people[i]);
        bytes memory record = _HUB.recordOf(1, epoch).record.code;
        return keccak256(abi.encode(record, _HUB.minersOf(1), _HUB.subnetOf(1), stakes));
    }

    function _shuffled(uint256 seed) private pure returns (uint256[] memory calls) {
        calls = new uint256[](CALLS);
        for (uint256 k; k < CALLS; ++k) {
            uint256 other = _pick(seed, k, k + 1);
            calls[k] = calls[other];
            calls[other] = k;
        }
    }

    function _call(uint256 seed, uint256 k) private {
        (address person, uint256 amount) = (_people[k % 3], _pick(seed, k, 3 * MINIMUM));
        if (k < 3) _reveal(person, 1);
        else if (k < 6)
            _stake(person, 1, uint64(1 + amount));
            // Also below the minimum.
        else _unstake(person, 1, uint64(1 + amount));
    }
}
