// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DynamicArrayLib} from "solady/src/utils/DynamicArrayLib.sol";
import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {LibSort} from "solady/src/utils/LibSort.sol";

/// @notice Yuma consensus, as subtensor computes it: one epoch of a subnet of validators (rows) and miners (columns).
/// @dev Fractions are I32F32: `ONE` is 1. Products round down; quotients round down; a quotient by 0 is 0. Matrices are
///      flat: the cell of validator i and miner j is at `i * miners + j`. The caller keeps these ranges: stakes sum to
///      less than 2^224; weights and bonds are below 2^16; fractions of `Params` are at most `ONE`; `kappa` exceeds 0.
library Yuma {
    using DynamicArrayLib for uint256[];
    using FixedPointMathLib for uint256;
    using LibSort for uint256[];

    uint256 internal constant ONE = 1 << 32;
    /// @notice Largest weight and largest bond.
    uint256 internal constant MAX_U16 = type(uint16).max;
    /// @notice The column of a validator without an account among the miners.
    uint256 internal constant NO_COLUMN = type(uint256).max;

    /// @param kappa share of active stake that must back a weight, at least: 32767/65535 in subtensor
    /// @param alpha part of the new bonds in the moving average: 0.1 in subtensor
    /// @param beta penalty on bonds of weights above the consensus: 1 in subtensor
    struct Params {
        uint64 kappa;
        uint64 alpha;
        uint64 beta;
    }

    /// @param stakes stake per validator, in any unit
    /// @param active validators that set weights recently: others have no active stake
    /// @param permits validators that may set weights: others have neither weights nor active stake
    /// @param diagonal column of the validator's own account among the miners, or `NO_COLUMN`
    /// @param updatedAt time of each validator's weights, in any unit
    /// @param registeredAt time of each miner's registration, in the same unit: weights of that time or before do not count
    /// @param weights u16 per cell. A row counts by the proportions of its weights.
    /// @param bonds u16 per cell, as the epoch before returned them. Zero for a new validator or miner.
    struct Network {
        uint256[] stakes;
        bool[] active;
        bool[] permits;
        uint256[] diagonal;
        uint256[] updatedAt;
        uint256[] registeredAt;
        uint256[] weights;
        uint256[] bonds;
    }

    /// @param stakes active stake per validator, a fraction of all active stake
    /// @param consensus per miner, the largest weight backed by `kappa` of the active stake
    /// @param incentives per miner, a fraction. They sum to at most `ONE`.
    /// @param dividends per validator, a fraction. They sum to at most `ONE`.
    /// @param bonds u16 per cell, to store. The largest of a column is 65535, unless the column is zero.
    struct Result {
        uint256[] stakes;
        uint256[] consensus;
        uint256[] incentives;
        uint256[] dividends;
        uint256[] bonds;
    }

    /// @notice Runs one epoch. Overwrites `weights` and `bonds` of the network: `Result.bonds` is the same array.
    function epoch(
        Network memory network,
        Params memory params
    ) internal pure returns (Result memory result) {
        result.stakes = _activeStakes(network);
        _normalizeWeights(network);
        _formConsensus(network.weights, result, network.registeredAt.length, params);
        _moveBonds(network, result, params.alpha);
        result.bonds = network.bonds;
    }

    function _activeStakes(Network memory network) private pure returns (uint256[] memory) {
        uint256[] memory stakes = _fractions(network.stakes);
        for (uint256 i; i < stakes.length; ++i) {
            if (!network.active[i] || !network.permits[i]) stakes[i] = 0;
        }
        return _fractions(stakes);
    }

    /// @dev Zeroes the weights that do not count, and normalizes each row.
    function _normalizeWeights(Network memory network) private pure {
        (uint256[] memory weights, uint256 miners) = (network.weights, network.registeredAt.length);
        for (uint256 i; i < network.stakes.length; ++i) {
            uint256 diagonal = network.diagonal[i];
            if (diagonal < miners) weights[i * miners + diagonal] = 0;
            // Time 0 is not after any registration.
            uint256 updatedAt = network.permits[i] ? network.updatedAt[i] : 0;
            _normalizeRow(weights, i * miners, network.registeredAt, updatedAt);
        }
    }

    function _normalizeRow(
        uint256[] memory weights,
        uint256 first,
        uint256[] memory registeredAt,
        uint256 updatedAt
    ) private pure {
        uint256 sum;
        // Nothing overflows: weights are below 2^16.
        unchecked {
            for (uint256 j; j < registeredAt.length; ++j) {
                uint256 weight = updatedAt > registeredAt.get(j) ? weights.get(first + j) : 0;
                weights.set(first + j, weight);
                sum += weight;
            }
            for (uint256 cell = first; cell < first + registeredAt.length; ++cell)
                weights.set(cell, (weights.get(cell) << 32).rawDiv(sum));
        }
    }

    /// @dev Leaves in `weights` what validators bond with: weights, penalized above the consensus, times active stake.
    function _formConsensus(
        uint256[] memory weights,
        Result memory result,
        uint256 miners,
        Params memory params
    ) private pure {
        uint256[] memory stakes = result.stakes;
        uint256[] memory backed = new uint256[](stakes.length);
        uint256[] memory ranks = new uint256[](miners);
        result.consensus = new uint256[](miners);
        for (uint256 j; j < miners; ++j) {
            _pack(weights, stakes, j, miners, backed);
            uint256 consensus = _largestBacked(backed, params.kappa);
            result.consensus.set(j, consensus);
            ranks.set(j, _rank(weights, stakes, j, consensus, params.beta));
        }
        result.incentives = _fractions(ranks);
    }

    /// @dev Column `j`: in each word a weight, and behind it the validator's stake.
    function _pack(
        uint256[] memory weights,
        uint256[] memory stakes,
        uint256 j,
        uint256 miners,
        uint256[] memory backed
    ) private pure {
        // Nothing overflows: weights and stakes are at most 2^32.
        unchecked {
            for (uint256 i; i < stakes.length; ++i) {
                backed.set(i, (weights.get(j) << 64) | stakes.get(i));
                j += miners;
            }
        }
    }

    /// @dev The largest weight for which the stakes of all rows with that weight or more reach `kappa`.
    function _largestBacked(uint256[] memory backed, uint256 kappa) private pure returns (uint256) {
        backed.insertionSort();
        uint256 sum;
        // Nothing overflows: stakes sum to at most 2^32.
        unchecked {
            for (uint256 i = backed.length; i != 0;) {
                uint256 word = backed.get(--i);
                sum += uint64(word);
                if (sum >= kappa) return word >> 64;
            }
        }
        return 0;
    }

    /// @dev The miner's rank: weights up to the consensus, times active stake.
    function _rank(
        uint256[] memory weights,
        uint256[] memory stakes,
        uint256 cell,
        uint256 consensus,
        uint256 beta
    ) private pure returns (uint256 rank) {
        // Nothing overflows: weights, stakes, consensus and `beta` are at most 2^32.
        unchecked {
            uint256 miners = weights.length / stakes.length;
            for (uint256 i; i < stakes.length; ++i) {
                uint256 weight = weights.get(cell);
                uint256 stake = stakes.get(i);
                if (weight > consensus) {
                    rank += (consensus * stake) >> 32;
                    // A penalty rounds up, as subtensor rounds down what is below zero.
                    weight -= (beta * (weight - consensus) + ONE - 1) >> 32;
                    weights.set(cell, (weight * stake) >> 32);
                } else {
                    weight = (weight * stake) >> 32;
                    rank += weight;
                    weights.set(cell, weight);
                }
                cell += miners;
            }
        }
    }

    /// @dev Replaces each column of `bonds` by its moving average.
    function _moveBonds(Network memory network, Result memory result, uint256 alpha) private pure {
        (uint256[] memory bonds, uint256[] memory incentives) = (network.bonds, result.incentives);
        uint256[] memory dividends = new uint256[](network.stakes.length);
        for (uint256 j; j < incentives.length; ++j) {
            uint256 sum = _average(network.weights, bonds, j, incentives.length, alpha);
            if (sum == 0) continue;
            uint256 max = _earn(bonds, dividends, j, incentives, sum);
            _upscale(bonds, j, incentives.length, max);
        }
        result.dividends = _fractions(dividends);
    }

    function _average(
        uint256[] memory deltas,
        uint256[] memory bonds,
        uint256 j,
        uint256 miners,
        uint256 alpha
    ) private pure returns (uint256 sum) {
        (uint256 deltasSum, uint256 bondsSum) = (_columnSum(deltas, j, miners), _columnSum(bonds, j, miners));
        // Nothing overflows: bonds are below 2^16, deltas and `alpha` at most 2^32.
        unchecked {
            for (uint256 cell = j; cell < bonds.length; cell += miners) {
                uint256 bond = (alpha * (deltas.get(cell) << 32).rawDiv(deltasSum)) >> 32;
                bond += ((ONE - alpha) * (bonds.get(cell) << 32).rawDiv(bondsSum)) >> 32;
                sum += bond;
                bonds.set(cell, bond);
            }
        }
    }

    function _columnSum(
        uint256[] memory cells,
        uint256 j,
        uint256 miners
    ) private pure returns (uint256 sum) {
        // Nothing overflows: cells are at most 2^32.
        unchecked {
            for (uint256 cell = j; cell < cells.length; cell += miners) sum += cells.get(cell);
        }
    }

    /// @dev Normalizes column `j` of bonds and adds its dividends. Returns the largest bond.
    function _earn(
        uint256[] memory bonds,
        uint256[] memory dividends,
        uint256 j,
        uint256[] memory incentives,
        uint256 sum
    ) private pure returns (uint256 max) {
        (uint256 incentive, uint256 cell) = (incentives.get(j), j);
        // Nothing overflows: bonds and incentives are at most 2^32.
        unchecked {
            for (uint256 i; i < dividends.length; ++i) {
                uint256 bond = (bonds.get(cell) << 32).rawDiv(sum);
                bonds.set(cell, bond);
                dividends.set(i, dividends.get(i) + ((bond * incentive) >> 32));
                if (bond > max) max = bond;
                cell += incentives.length;
            }
        }
    }

    /// @dev Scales column `j` to a maximum of 65535.
    function _upscale(uint256[] memory bonds, uint256 j, uint256 miners, uint256 max) private pure {
        // Nothing overflows: bonds are at most 2^32.
        unchecked {
            for (uint256 cell = j; cell < bonds.length; cell += miners)
                bonds.set(cell, ((bonds.get(cell) << 32).rawDiv(max) * MAX_U16) >> 32);
        }
    }

    /// @notice Shares of the epoch's pot: incentives and dividends as fractions of their common sum. They sum to at most
    ///         `ONE`. All are zero if no miner has an incentive.
    function shares(
        uint256[] memory incentives,
        uint256[] memory dividends
    ) internal pure returns (uint256[] memory ofMiners, uint256[] memory ofValidators) {
        uint256 sum = _sum(incentives) + _sum(dividends);
        (ofMiners, ofValidators) = (_fractionsOf(incentives, sum), _fractionsOf(dividends, sum));
    }

    /// @notice Validators' shares by stake. Subtensor pays them where `shares` pays nobody: the active stakes, or all
    ///         stakes if none is active.
    /// @param stakes stake per validator, in any unit
    /// @param activeStakes `Result.stakes`
    function sharesByStake(
        uint256[] memory stakes,
        uint256[] memory activeStakes
    ) internal pure returns (uint256[] memory ofValidators) {
        return _sum(activeStakes) == 0 ? _fractions(stakes) : activeStakes;
    }

    function _fractions(uint256[] memory values) private pure returns (uint256[] memory) {
        return _fractionsOf(values, _sum(values));
    }

    /// @dev All zero for a sum of zero.
    function _fractionsOf(
        uint256[] memory values,
        uint256 sum
    ) private pure returns (uint256[] memory fractions) {
        fractions = new uint256[](values.length);
        // Nothing overflows: a sum is below 2^224.
        unchecked {
            for (uint256 i; i < values.length; ++i) fractions.set(i, (values.get(i) << 32).rawDiv(sum));
        }
    }

    function _sum(uint256[] memory values) private pure returns (uint256 sum) {
        // Nothing overflows: a sum is below 2^224.
        unchecked {
            for (uint256 i; i < values.length; ++i) sum += values.get(i);
        }
    }
}
