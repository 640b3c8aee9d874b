// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DynamicArrayLib} from "solady/src/utils/DynamicArrayLib.sol";
import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {LibSort} from "solady/src/utils/LibSort.sol";

/// @notice Yuma consensus, as subtensor computes it: one epoch of a subnet of validators (rows) and miners (columns).
/// @dev Fractions are I32F32: `ONE` is 1. Products round down; quotients round down; a quotient by 0 is 0. Matrices are
///      flat: the cell of validator i and miner j is at `i * miners + j`. To save gas nothing is checked. The caller
///      passes arrays of matching lengths. Stakes sum to less than 2^224. Weights and bonds are below 2^16. Fractions of
///      `Params` are at most `ONE`, and `kappa` exceeds 0.
library Yuma {
    using DynamicArrayLib for uint256[];
    using FixedPointMathLib for uint256;
    using LibSort for uint256[];

    uint256 internal constant ONE = 1 << 32;
    /// @notice Largest weight and largest bond.
    uint256 internal constant MAX_U16 = type(uint16).max;
    /// @notice The column of a validator without an account among the miners.
    uint256 internal constant NO_COLUMN = type(uint256).max;

    /// @param kappa share of active stake that must back a weight, at least: 32767/65535 in subtensor. From half on,
    ///        validators with less than half of the active stake cannot lift a miner's consensus.
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
        (uint256 validators, uint256 miners) = (network.stakes.length, network.registeredAt.length);
        result.stakes = _activeStakes(network);
        result.consensus = new uint256[](miners);
        result.incentives = new uint256[](miners);
        result.dividends = new uint256[](validators);
        result.bonds = network.bonds;
        if (validators == 0 || miners == 0) return result;
        _formConsensus(network, result, params.kappa);
        _rankMiners(network.weights, result, params.beta);
        _moveBonds(network.weights, result, params.alpha);
    }

    function _activeStakes(Network memory network) private pure returns (uint256[] memory) {
        uint256[] memory stakes = _fractions(network.stakes);
        for (uint256 i; i < stakes.length; ++i) {
            if (!network.active[i] || !network.permits[i]) stakes[i] = 0;
        }
        return _fractions(stakes);
    }

    function _formConsensus(Network memory network, Result memory result, uint256 kappa) private pure {
        (uint256[] memory rowSums, uint256[] memory consensus) = (_mask(network), result.consensus);
        uint256[] memory backed = new uint256[](rowSums.length);
        for (uint256 j; j < consensus.length; ++j) {
            _normalize(network.weights, rowSums, j, result.stakes, backed);
            consensus.set(j, _largestBacked(backed, kappa));
        }
    }

    /// @dev Zeroes the weights that do not count. Returns the sum of each row.
    function _mask(Network memory network) private pure returns (uint256[] memory sums) {
        (uint256[] memory weights, uint256[] memory registeredAt) = (network.weights, network.registeredAt);
        sums = new uint256[](network.stakes.length);
        for (uint256 i; i < sums.length; ++i) {
            (uint256 first, uint256 diagonal) = (i * registeredAt.length, network.diagonal[i]);
            if (diagonal < registeredAt.length) weights[first + diagonal] = 0;
            // Time 0 is not after any registration.
            uint256 updatedAt = network.permits[i] ? network.updatedAt[i] : 0;
            sums[i] = _maskRow(weights, first, registeredAt, updatedAt);
        }
    }

    function _maskRow(
        uint256[] memory weights,
        uint256 first,
        uint256[] memory registeredAt,
        uint256 updatedAt
    ) private pure returns (uint256 sum) {
        // Nothing overflows: weights are below 2^16.
        unchecked {
            for (uint256 j; j < registeredAt.length; ++j) {
                if (updatedAt > registeredAt.get(j)) sum += weights.get(first + j);
                else weights[first + j] = 0;
            }
        }
    }

    /// @dev Normalizes column `j`, and packs each of its weights before the validator's stake.
    function _normalize(
        uint256[] memory weights,
        uint256[] memory rowSums,
        uint256 j,
        uint256[] memory stakes,
        uint256[] memory backed
    ) private pure {
        // Nothing overflows: weights are below 2^16, stakes are at most 2^32.
        unchecked {
            uint256 miners = weights.length / rowSums.length;
            for (uint256 i; i < rowSums.length; ++i) {
                uint256 weight = (weights.get(j) << 32).rawDiv(rowSums.get(i));
                weights.set(j, weight);
                backed.set(i, (weight << 64) | stakes.get(i));
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

    /// @dev Leaves in `weights` what validators bond with: weights, penalized above the consensus, times active stake.
    function _rankMiners(uint256[] memory weights, Result memory result, uint256 beta) private pure {
        uint256[] memory ranks = result.incentives;
        for (uint256 j; j < ranks.length; ++j)
            ranks.set(j, _rank(weights, result.stakes, j, result.consensus, beta));
        result.incentives = _fractions(ranks);
    }

    /// @dev The miner's rank: weights up to the consensus, times active stake.
    function _rank(
        uint256[] memory weights,
        uint256[] memory stakes,
        uint256 j,
        uint256[] memory consensus,
        uint256 beta
    ) private pure returns (uint256 rank) {
        (uint256 most, uint256 miners) = (consensus.get(j), consensus.length);
        // Nothing overflows: weights, stakes, consensus and `beta` are at most 2^32.
        unchecked {
            for (uint256 i; i < stakes.length; ++i) {
                (uint256 weight, uint256 stake) = (weights.get(j), stakes.get(i));
                uint256 clipped = weight;
                if (weight > most) {
                    clipped = most;
                    // A penalty rounds up, as subtensor rounds down what is below zero.
                    weight -= (beta * (weight - most) + ONE - 1) >> 32;
                }
                rank += (clipped * stake) >> 32;
                weights.set(j, (weight * stake) >> 32);
                j += miners;
            }
        }
    }

    /// @dev Replaces each column of bonds by its moving average.
    function _moveBonds(uint256[] memory deltas, Result memory result, uint256 alpha) private pure {
        (uint256[] memory bonds, uint256[] memory incentives) = (result.bonds, result.incentives);
        for (uint256 j; j < incentives.length; ++j) {
            (uint256 sum, uint256 max) = _average(deltas, bonds, j, incentives.length, alpha);
            _store(bonds, result.dividends, j, incentives, sum, max);
        }
        result.dividends = _fractions(result.dividends);
    }

    function _average(
        uint256[] memory deltas,
        uint256[] memory bonds,
        uint256 j,
        uint256 miners,
        uint256 alpha
    ) private pure returns (uint256 sum, uint256 max) {
        (uint256 deltaSum, uint256 bondSum) = _columnSums(deltas, bonds, j, miners);
        // Nothing overflows: bonds are below 2^16, deltas and `alpha` at most 2^32.
        unchecked {
            for (; j < bonds.length; j += miners) {
                uint256 bond = (alpha * (deltas.get(j) << 32).rawDiv(deltaSum)) >> 32;
                bond += ((ONE - alpha) * (bonds.get(j) << 32).rawDiv(bondSum)) >> 32;
                bonds.set(j, bond);
                sum += bond;
                if (bond > max) max = bond;
            }
        }
    }

    function _columnSums(
        uint256[] memory deltas,
        uint256[] memory bonds,
        uint256 j,
        uint256 miners
    ) private pure returns (uint256 deltaSum, uint256 bondSum) {
        // Nothing overflows: bonds are below 2^16, deltas at most 2^32.
        unchecked {
            for (; j < bonds.length; j += miners) {
                deltaSum += deltas.get(j);
                bondSum += bonds.get(j);
            }
        }
    }

    /// @dev Normalizes column `j` of bonds and adds its dividends. Scales the bonds to a maximum of 65535.
    function _store(
        uint256[] memory bonds,
        uint256[] memory dividends,
        uint256 j,
        uint256[] memory incentives,
        uint256 sum,
        uint256 max
    ) private pure {
        if (sum == 0) return;
        (uint256 incentive, uint256 miners) = (incentives.get(j), incentives.length);
        // Nothing overflows: bonds and incentives are at most 2^32.
        unchecked {
            max = (max << 32) / sum;
            for (uint256 i; i < dividends.length; ++i) {
                uint256 bond = (bonds.get(j) << 32).rawDiv(sum);
                dividends.set(i, dividends.get(i) + ((bond * incentive) >> 32));
                bonds.set(j, ((bond << 32).rawDiv(max) * MAX_U16) >> 32);
                j += miners;
            }
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
