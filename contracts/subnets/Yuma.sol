// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LibSort} from "solady/src/utils/LibSort.sol";

/// @notice Yuma consensus, as subtensor computes it: one epoch of a subnet of validators (rows) and miners (columns).
/// @dev Fractions are I32F32: `ONE` is 1. Products round down; quotients round down; a quotient by 0 is 0. Matrices are
///      flat: the cell of validator i and miner j is at `i * miners + j`. The caller keeps these ranges: stakes sum to
///      less than 2^224; weights and bonds are below 2^16; fractions of `Params` are at most `ONE`; `kappa` exceeds 0.
library Yuma {
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
        result.consensus = _consensus(network, result.stakes, params.kappa);
        result.incentives = _incentives(network, result, params.beta);
        result.dividends = _dividends(network, result.incentives, params.alpha);
        result.bonds = network.bonds;
    }

    function _activeStakes(Network memory network) private pure returns (uint256[] memory stakes) {
        stakes = _fractions(network.stakes);
        for (uint256 i; i < stakes.length; ++i) {
            if (!network.active[i] || !network.permits[i]) stakes[i] = 0;
        }
        stakes = _fractions(stakes);
    }

    /// @dev Zeroes the weights that do not count, and normalizes each row.
    function _normalizeWeights(Network memory network) private pure {
        uint256[] memory weights = network.weights;
        uint256 miners = network.registeredAt.length;
        // Nothing overflows: weights are below 2^16.
        unchecked {
            for (uint256 i; i < network.stakes.length; ++i) {
                uint256 sum = _maskRow(network, i, i * miners);
                if (sum == 0) continue;
                for (uint256 cell = i * miners; cell < (i + 1) * miners; ++cell)
                    weights[cell] = (weights[cell] << 32) / sum;
            }
        }
    }

    function _maskRow(Network memory network, uint256 i, uint256 first) private pure returns (uint256 sum) {
        uint256[] memory weights = network.weights;
        uint256[] memory registeredAt = network.registeredAt;
        (uint256 updatedAt, uint256 diagonal) = (network.updatedAt[i], network.diagonal[i]);
        bool permit = network.permits[i];
        // Nothing overflows: weights are below 2^16.
        unchecked {
            for (uint256 j; j < registeredAt.length; ++j) {
                if (permit && j != diagonal && updatedAt > registeredAt[j]) sum += weights[first + j];
                else weights[first + j] = 0;
            }
        }
    }

    function _consensus(
        Network memory network,
        uint256[] memory stakes,
        uint256 kappa
    ) private pure returns (uint256[] memory consensus) {
        uint256 miners = network.registeredAt.length;
        uint256[] memory backed = new uint256[](stakes.length);
        consensus = new uint256[](miners);
        for (uint256 j; j < miners; ++j)
            consensus[j] = _median(network.weights, stakes, kappa, j, miners, backed);
    }

    /// @dev The largest weight of column `j` backed by stakes of `kappa` or more.
    function _median(
        uint256[] memory weights,
        uint256[] memory stakes,
        uint256 kappa,
        uint256 j,
        uint256 miners,
        uint256[] memory backed
    ) private pure returns (uint256) {
        // Nothing overflows: weights and stakes are at most 2^32.
        unchecked {
            for (uint256 i; i < stakes.length; ++i) backed[i] = (weights[i * miners + j] << 64) | stakes[i];
            LibSort.insertionSort(backed);
            uint256 sum;
            for (uint256 i = stakes.length; i != 0; --i) {
                sum += uint64(backed[i - 1]);
                if (sum >= kappa) return backed[i - 1] >> 64;
            }
            return 0;
        }
    }

    /// @dev Leaves in `weights` what validators bond with: weights penalized above the consensus, times active stake.
    function _incentives(
        Network memory network,
        Result memory result,
        uint256 beta
    ) private pure returns (uint256[] memory) {
        uint256[] memory weights = network.weights;
        uint256[] memory ranks = new uint256[](result.consensus.length);
        uint256 cell;
        // Nothing overflows: weights, consensus, stakes and `beta` are at most 2^32.
        unchecked {
            for (uint256 i; i < result.stakes.length; ++i) {
                uint256 stake = result.stakes[i];
                for (uint256 j; j < ranks.length; ++j) {
                    uint256 weight = weights[cell];
                    uint256 clipped = weight;
                    uint256 most = result.consensus[j];
                    if (weight > most) {
                        clipped = most;
                        weight -= (beta * (weight - most) + ONE - 1) >> 32;
                    }
                    ranks[j] += (clipped * stake) >> 32;
                    weights[cell++] = (weight * stake) >> 32;
                }
            }
        }
        return _fractions(ranks);
    }

    /// @dev Replaces each column of `bonds` by its moving average.
    function _dividends(
        Network memory network,
        uint256[] memory incentives,
        uint256 alpha
    ) private pure returns (uint256[] memory) {
        uint256[] memory dividends = new uint256[](network.stakes.length);
        for (uint256 j; j < incentives.length; ++j) {
            uint256 sum = _average(network, j, incentives.length, alpha);
            if (sum != 0) _pay(network.bonds, dividends, j, incentives, sum);
        }
        return _fractions(dividends);
    }

    function _average(
        Network memory network,
        uint256 j,
        uint256 miners,
        uint256 alpha
    ) private pure returns (uint256 sum) {
        (uint256[] memory deltas, uint256[] memory bonds) = (network.weights, network.bonds);
        uint256 sumOfDeltas;
        uint256 sumOfBonds;
        // Nothing overflows: bonds are below 2^16, deltas and `alpha` at most 2^32.
        unchecked {
            for (uint256 cell = j; cell < bonds.length; cell += miners) {
                sumOfDeltas += deltas[cell];
                sumOfBonds += bonds[cell];
            }
            if (sumOfDeltas == 0) ++sumOfDeltas;
            if (sumOfBonds == 0) ++sumOfBonds;
            for (uint256 cell = j; cell < bonds.length; cell += miners) {
                uint256 delta = (deltas[cell] << 32) / sumOfDeltas;
                uint256 bond = (bonds[cell] << 32) / sumOfBonds;
                bond = ((alpha * delta) >> 32) + (((ONE - alpha) * bond) >> 32);
                sum += bond;
                bonds[cell] = bond;
            }
        }
    }

    /// @dev Adds the dividends of column `j`. Scales its bonds to a maximum of 65535.
    function _pay(
        uint256[] memory bonds,
        uint256[] memory dividends,
        uint256 j,
        uint256[] memory incentives,
        uint256 sum
    ) private pure {
        uint256 max;
        uint256 miners = incentives.length;
        // Nothing overflows: bonds and incentives are at most 2^32.
        unchecked {
            for (uint256 i; i < dividends.length; ++i) {
                uint256 bond = (bonds[i * miners + j] << 32) / sum;
                bonds[i * miners + j] = bond;
                dividends[i] += (bond * incentives[j]) >> 32;
                if (bond > max) max = bond;
            }
            for (uint256 cell = j; cell < bonds.length; cell += miners)
                bonds[cell] = (((bonds[cell] << 32) / max) * MAX_U16) >> 32;
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
        if (sum == 0) return fractions;
        // Nothing overflows: a sum is below 2^224.
        unchecked {
            for (uint256 i; i < values.length; ++i) fractions[i] = (values[i] << 32) / sum;
        }
    }

    function _sum(uint256[] memory values) private pure returns (uint256 sum) {
        // Nothing overflows: a sum is below 2^224.
        unchecked {
            for (uint256 i; i < values.length; ++i) sum += values[i];
        }
    }
}
