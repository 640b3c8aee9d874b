// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Yuma} from "../../contracts/subnets/Yuma.sol";
import {Test} from "../utils/Test.sol";

contract YumaTest is Test {
    uint256 private constant MAX_VALIDATORS = 6;
    uint256 private constant MAX_MINERS = 8;
    uint256 private constant EPOCHS = 3;
    uint64 private constant HALF = 1 << 31;
    uint64 private constant ONE = 1 << 32;
    /// @dev Subtensor's kappa, 32767/65535.
    uint64 private constant KAPPA = uint64((uint256(32_767) << 32) / 65_535);
    /// @dev 1 minus subtensor's moving average, 900,000 per million.
    uint64 private constant ALPHA = ONE - uint64((uint256(900_000) << 32) / 1_000_000);

    /// @dev Products of the largest network round by less, in 2^-32.
    uint256 private constant ROUNDING = 4 * MAX_VALIDATORS * MAX_MINERS;

    uint256 private _state;

    /// @dev The numbers of subtensor's test_512_graph. See test/vectors/yuma.json.
    function test_64ValidatorsAnd512MinersHaveTheNumbersOfSubtensor() public pure {
        Yuma.Result memory result = Yuma.epoch(_graph(64, 448), Yuma.Params(KAPPA, ALPHA, ONE));
        (uint256[] memory ofMiners, uint256[] memory ofValidators) = Yuma.shares(
            result.incentives,
            result.dividends
        );
        for (uint256 i; i < 64; ++i) {
            checkEq((result.dividends[i] * 65_535) >> 32, 1_023, "A validator's dividend is subtensor's");
            checkEq((ofValidators[i] * 1e9) >> 32, 7_812_500, "A validator's emission is subtensor's");
        }
        for (uint256 j = 64; j < 512; ++j) {
            checkEq((result.consensus[j] * 65_535) >> 32, 146, "A miner's consensus is subtensor's");
            checkEq((result.incentives[j] * 65_535) >> 32, 146, "A miner's incentive is subtensor's");
            checkEq((ofMiners[j] * 1e9) >> 32, 1_116_071, "A miner's emission is subtensor's");
        }
    }

    function testFuzz_BondsStayInRange(uint256 seed) public {
        Yuma.Network memory network = _network(seed);
        for (uint256 k; k < EPOCHS; ++k) {
            uint256[] memory bonds = Yuma.epoch(network, _params()).bonds;
            for (uint256 j; j < network.registeredAt.length; ++j) {
                uint256 max = _largest(bonds, j, network);
                check(max == 0 || max == 65_535, "The largest bond of a miner is 65535, or it has none");
            }
            network = _next(network, bonds);
        }
    }

    function testFuzz_FractionsSumToAtMostOne(uint256 seed) public {
        Yuma.Network memory network = _network(seed);
        Yuma.Result memory result = Yuma.epoch(network, _params());
        checkAtMost(_sum(result.stakes), ONE, "Active stakes sum to at most 1");
        checkAtMost(_sum(result.incentives), ONE, "Incentives sum to at most 1");
        checkAtMost(_sum(result.dividends), ONE, "Dividends sum to at most 1");
        (uint256[] memory ofMiners, uint256[] memory ofValidators) = Yuma.shares(
            result.incentives,
            result.dividends
        );
        checkAtMost(_sum(ofMiners) + _sum(ofValidators), ONE, "Shares sum to at most 1");
        uint256[] memory byStake = Yuma.sharesByStake(network.stakes, result.stakes);
        checkAtMost(_sum(byStake), ONE, "Shares by stake sum to at most 1");
    }

    /// @dev The cartel is all validators but the first, who has more stake than the others together.
    function testFuzz_CartelBelowHalfLiftsNoConsensus(uint256 seed) public {
        Yuma.Network memory network = _network(seed);
        _activate(network);
        for (uint256 i; i < network.stakes.length; ++i) network.stakes[i] = _random(1e9, 1e15);
        network.stakes[0] = _sum(network.stakes);
        uint256[] memory honest = _rowOf(network, 0);
        Yuma.Result memory result = Yuma.epoch(network, Yuma.Params(HALF, ALPHA, ONE));
        for (uint256 j; j < honest.length; ++j)
            checkEq(result.consensus[j], honest[j], "The consensus is the honest weight");
    }

    /// @dev Honest validators differ. The cartel is the others, with less than half of the stake.
    function testFuzz_CartelBelowHalfExceedsNoHonestWeight(uint256 seed) public {
        (Yuma.Network memory network, uint256 honest) = _withCartel(seed);
        uint256[] memory most = new uint256[](network.registeredAt.length);
        for (uint256 i; i < honest; ++i) {
            uint256[] memory row = _rowOf(network, i);
            for (uint256 j; j < most.length; ++j) if (row[j] > most[j]) most[j] = row[j];
        }
        Yuma.Result memory result = Yuma.epoch(network, Yuma.Params(HALF, ALPHA, ONE));
        for (uint256 j; j < most.length; ++j)
            checkAtMost(result.consensus[j], most[j], "A cartel cannot exceed all honest weights");
    }

    /// @dev Honest validators agree. The bound of ADR 25.
    function testFuzz_CartelBelowHalfEarnsAtMostTheHonestIncentiveOverHonestStake(uint256 seed) public {
        (Yuma.Network memory network, uint256 honest) = _withCartel(seed);
        uint256 miners = network.registeredAt.length;
        for (uint256 cell = miners; cell < honest * miners; ++cell)
            network.weights[cell] = network.weights[cell % miners];
        Yuma.Network memory fair = _copy(network);
        for (uint256 i = honest; i < fair.stakes.length; ++i) fair.permits[i] = false;
        uint256[] memory expected = Yuma.epoch(fair, Yuma.Params(HALF, ALPHA, ONE)).incentives;
        Yuma.Result memory result = Yuma.epoch(network, Yuma.Params(HALF, ALPHA, ONE));
        uint256 stake;
        for (uint256 i; i < honest; ++i) stake += result.stakes[i];
        for (uint256 j; j < miners; ++j)
            checkAtMost(
                (result.incentives[j] * stake) >> 32,
                expected[j] + ROUNDING,
                "A miner earns at most the honest incentive over 1 - the cartel's stake"
            );
    }

    /// @dev 29 % and 31 % of the stake disagree. With 40 % a cartel chooses the higher of their weights.
    function test_CartelChoosesAmongDifferentHonestWeights() public pure {
        Yuma.Network memory network = _empty(3, 2);
        _activate(network);
        (network.stakes[0], network.stakes[1], network.stakes[2]) = (29, 31, 40);
        (network.weights[0], network.weights[1]) = (60, 40);
        (network.weights[2], network.weights[3]) = (10, 90);
        network.weights[4] = 1;
        Yuma.Network memory fair = _copy(network);
        fair.permits[2] = false;
        uint256[] memory honest = Yuma.epoch(fair, Yuma.Params(HALF, ALPHA, ONE)).consensus;
        uint256[] memory consensus = Yuma.epoch(network, Yuma.Params(HALF, ALPHA, ONE)).consensus;
        checkEq(honest[0], uint256(ONE) / 10, "Without the cartel the larger part decides");
        checkEq(consensus[0], (uint256(ONE) * 6) / 10, "The cartel backs the higher honest weight");
    }

    function testFuzz_SelfWeightsChangeNothing(uint256 seed) public {
        Yuma.Network memory network = _network(seed);
        Yuma.Network memory other = _copy(network);
        uint256 miners = network.registeredAt.length;
        for (uint256 i; i < network.stakes.length; ++i)
            if (network.diagonal[i] < miners)
                other.weights[i * miners + network.diagonal[i]] = _random(0, 65_535);
        _checkSame(network, other, "Weights on oneself change nothing");
    }

    function testFuzz_InactiveValidatorsChangeNothing(uint256 seed) public {
        Yuma.Network memory network = _network(seed);
        Yuma.Network memory other = _copy(network);
        uint256 miners = network.registeredAt.length;
        for (uint256 cell; cell < network.weights.length; ++cell) {
            uint256 i = cell / miners;
            if (!network.active[i] || !network.permits[i]) other.weights[cell] = _random(0, 65_535);
        }
        _checkSame(network, other, "Weights of a validator without active stake change nothing");
    }

    function _checkSame(Yuma.Network memory one, Yuma.Network memory other, string memory law) private {
        Yuma.Params memory params = _params();
        bytes memory result = abi.encode(Yuma.epoch(one, params));
        check(keccak256(result) == keccak256(abi.encode(Yuma.epoch(other, params))), law);
    }

    /// @dev A validator's weights, normalized.
    function _rowOf(Yuma.Network memory network, uint256 i) private pure returns (uint256[] memory row) {
        row = new uint256[](network.registeredAt.length);
        (uint256 first, uint256 sum) = (i * row.length, 0);
        for (uint256 j; j < row.length; ++j) sum += network.weights[first + j];
        for (uint256 j; sum != 0 && j < row.length; ++j) row[j] = (network.weights[first + j] << 32) / sum;
    }

    /// @dev The first validators are honest, with more stake than the others by more than rounding.
    function _withCartel(uint256 seed) private returns (Yuma.Network memory network, uint256 honest) {
        network = _network(seed);
        _activate(network);
        honest = _random(1, network.stakes.length);
        uint256 cartel;
        for (uint256 i; i < network.stakes.length; ++i) {
            network.stakes[i] = _random(1e9, 1e15);
            if (i >= honest) cartel += network.stakes[i];
        }
        network.stakes[_random(0, honest - 1)] += cartel + cartel / 1e6;
    }

    function _largest(
        uint256[] memory bonds,
        uint256 j,
        Yuma.Network memory network
    ) private pure returns (uint256 max) {
        for (uint256 i; i < network.stakes.length; ++i) {
            uint256 bond = bonds[i * network.registeredAt.length + j];
            if (bond > max) max = bond;
        }
    }

    function _sum(uint256[] memory values) private pure returns (uint256 sum) {
        for (uint256 i; i < values.length; ++i) sum += values[i];
    }

    // Networks

    function _random(uint256 minimum, uint256 maximum) private returns (uint256) {
        _state = uint256(keccak256(abi.encode(_state)));
        return bound(_state, minimum, maximum);
    }

    function _params() private returns (Yuma.Params memory) {
        return
            Yuma.Params(
                uint64(_random(1, ONE)),
                uint64(_random(0, 2) * HALF),
                uint64(_random(0, 1) == 0 ? ONE : _random(0, ONE))
            );
    }

    /// @dev A subnet with ties, zero rows, self-weights, outdated weights and inactive validators.
    function _network(uint256 seed) private returns (Yuma.Network memory network) {
        _state = seed;
        uint256 validators = _random(1, MAX_VALIDATORS);
        uint256 miners = _random(1, MAX_MINERS);
        network = _empty(validators, miners);
        uint256 mostStake = _random(0, 1) == 0 ? 2 : type(uint128).max;
        for (uint256 i; i < validators; ++i) {
            network.stakes[i] = _random(0, mostStake);
            network.active[i] = _random(0, 3) != 0;
            network.permits[i] = _random(0, 3) != 0;
            network.diagonal[i] = _random(0, 1) == 0 ? Yuma.NO_COLUMN : _random(0, miners - 1);
            network.updatedAt[i] = _random(0, 3);
        }
        for (uint256 j; j < miners; ++j) network.registeredAt[j] = _random(0, 1);
        for (uint256 cell; cell < network.bonds.length; ++cell) network.bonds[cell] = _random(0, 65_535);
        _weigh(network);
    }

    function _weigh(Yuma.Network memory network) private {
        uint256 miners = network.registeredAt.length;
        for (uint256 i; i < network.stakes.length; ++i) {
            uint256 most = [uint256(0), 1, 65_535, 65_535][_random(0, 3)];
            for (uint256 j; j < miners; ++j) network.weights[i * miners + j] = _random(0, most);
        }
    }

    /// @dev All validators have active stake, and all weights count.
    function _activate(Yuma.Network memory network) private pure {
        for (uint256 i; i < network.stakes.length; ++i) {
            (network.active[i], network.permits[i]) = (true, true);
            (network.updatedAt[i], network.diagonal[i]) = (2, Yuma.NO_COLUMN);
        }
    }

    /// @dev The epoch after, with new weights.
    function _next(
        Yuma.Network memory network,
        uint256[] memory bonds
    ) private returns (Yuma.Network memory next) {
        next = _copy(network);
        next.bonds = bonds;
        _weigh(next);
    }

    /// @dev An epoch overwrites the network's weights and bonds.
    function _copy(Yuma.Network memory network) private pure returns (Yuma.Network memory) {
        return abi.decode(abi.encode(network), (Yuma.Network));
    }

    function _empty(uint256 validators, uint256 miners) private pure returns (Yuma.Network memory network) {
        network.stakes = new uint256[](validators);
        network.active = new bool[](validators);
        network.permits = new bool[](validators);
        network.diagonal = new uint256[](validators);
        network.updatedAt = new uint256[](validators);
        network.registeredAt = new uint256[](miners);
        network.weights = new uint256[](validators * miners);
        network.bonds = new uint256[](validators * miners);
    }

    /// @dev All validators give all servers the same weight. Columns are the accounts of both.
    function _graph(uint256 validators, uint256 servers) private pure returns (Yuma.Network memory network) {
        uint256 miners = validators + servers;
        network = _empty(validators, miners);
        for (uint256 i; i < validators; ++i) {
            (network.stakes[i], network.diagonal[i], network.updatedAt[i]) = (1, i, 1);
            (network.active[i], network.permits[i]) = (true, true);
            for (uint256 j = validators; j < miners; ++j) network.weights[i * miners + j] = 65_535;
        }
    }
}
