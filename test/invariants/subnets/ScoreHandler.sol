// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISubnetEpochs} from "../../../contracts/subnets/ISubnetEpochs.sol";
import {ISubnetSeats} from "../../../contracts/subnets/ISubnetSeats.sol";
import {ISubnets} from "../../../contracts/subnets/ISubnets.sol";
import {SeatHandler} from "./SeatHandler.sol";

/// @notice Validators commit and reveal weights, and anyone runs epochs.
abstract contract ScoreHandler is SeatHandler {
    uint256 private constant SHARE_BYTES = 28;
    bytes32 private constant SALT = keccak256("salt");
    bytes32 private constant EVIDENCE = keccak256("evidence");
    string private constant URI = "ipfs://evidence";

    constructor() {
        _add(ScoreHandler.score.selector, 16);
        string[9] memory outcomes = [
            "commit",
            "commit again",
            "reveal",
            "run",
            "run that pays nobody",
            "run without turnout",
            "share of a validator",
            "share of a miner",
            "weights on oneself alone"
        ];
        for (uint256 i; i < outcomes.length; ++i) _expect(outcomes[i], 3);
    }

    /// @dev Runs an epoch, reveals or commits, as the time of a subnet allows.
    function score(uint256 seed) external warped {
        uint32 subnetId = _subnet(seed);
        if (_isWaiting(subnetId)) return _run(seed, subnetId);
        if (_isRetired(subnetId)) return;
        if (_phase(subnetId) == ISubnets.Phase.Reveal) _revealOne(seed, subnetId);
        else _commitOne(seed, subnetId);
    }

    // Weights

    function _commitOne(uint256 seed, uint32 subnetId) private {
        address person = _findValidator(seed, subnetId);
        if (person == address(0)) return;
        if (_weights[person][subnetId].committedAt == _epoch(subnetId)) _did("commit again");
        _commit(person, subnetId, _row(seed, subnetId, person));
        _did("commit");
    }

    /// @dev The first validator without commitment from a random slot on, rarely with one; or zero.
    function _findValidator(uint256 seed, uint32 subnetId) private view returns (address) {
        ISubnetSeats.Validator[] memory validators = _HUB.validatorsOf(subnetId);
        (uint32 epoch, bool isAgain) = (_epoch(subnetId), _pick(seed, 2, 8) == 0);
        for (uint256 i; i < validators.length; ++i) {
            address person = validators[((seed >> 32) + i) % validators.length].account;
            if (person == address(0)) continue;
            if (isAgain || _weights[person][subnetId].committedAt != epoch) return person;
        }
        return address(0);
    }

    /// @dev Random weights, zeros, ones, or a weight on the validator's own miner alone.
    function _row(uint256 seed, uint32 subnetId, address person) internal view returns (bytes memory row) {
        uint256 slots = _HUB.subnetOf(subnetId).minerSlots;
        (uint256 kind, uint256 own) = (_pick(seed, 1, 8), _minerNumber(subnetId, person));
        for (uint256 j; j < slots; ++j) {
            uint256 weight = _pick(seed, 3 + j, 3) == 0 ? 0 : _pick(seed, 32 + j, 65_536);
            if (kind == 0) weight = 0;
            else if (kind == 1) weight = 1;
            else if (kind < 4 && own != 0) weight = j + 1 == own ? 65_535 : 0;
            row = abi.encodePacked(row, uint16(weight));
        }
    }

    function _commit(address person, uint32 subnetId, bytes memory row) internal {
        uint32 epoch = _epoch(subnetId);
        bytes32 commitment = keccak256(
            abi.encode(
                block.chainid,
                _HUB,
                subnetId,
                epoch,
                person,
                keccak256(row),
                EVIDENCE,
                keccak256(bytes(URI)),
                SALT
            )
        );
        VM.prank(person);
        _HUB.commitWeights(subnetId, commitment);
        WeightsModel storage model = _weights[person][subnetId];
        (model.row, model.committedAt) = (row, epoch);
    }

    function _revealOne(uint256 seed, uint32 subnetId) private {
        for (uint256 i; i < PEOPLE; ++i) {
            address person = _person((seed >> 32) + i);
            if (!_canReveal(person, subnetId)) continue;
            _reveal(person, subnetId);
            return _did("reveal");
        }
    }

    function _canReveal(address person, uint32 subnetId) private view returns (bool) {
        WeightsModel storage model = _weights[person][subnetId];
        uint32 epoch = _epoch(subnetId);
        if (model.committedAt != epoch || model.revealedAt == epoch) return false;
        return _validatorNumber(subnetId, person) != 0;
    }

    function _reveal(address person, uint32 subnetId) internal {
        WeightsModel storage model = _weights[person][subnetId];
        VM.prank(person);
        _HUB.revealWeights(subnetId, model.row, EVIDENCE, URI, SALT);
        (model.revealed, model.revealedAt) = (model.row, model.committedAt);
        _pending[subnetId] = model.committedAt;
    }

    // Epochs

    function _run(uint256 seed, uint32 subnetId) private {
        uint32 epoch = _pending[subnetId];
        _runEpoch(subnetId);
        ISubnetEpochs.EpochRecord memory record = _HUB.recordOf(subnetId, epoch);
        uint256 sum = _checkShares(subnetId, epoch, record.validators);
        checkAtMost(sum, ONE, "Shares sum to at most 1");
        check(record.paid == (sum != 0), "An epoch pays if somebody has a share");
        bool hasTurnout = _turnout(subnetId, epoch) >= MINIMUM_TURNOUT;
        check(hasTurnout || !record.paid, "Without turnout an epoch pays nobody");
        _checkBonds(record, hasTurnout);
        checkAtMost(_HUB.qualityOf(SECTOR, uint32(1 + (seed % PEOPLE))), 1 << 16, "Quality is at most 1");
        _isPaid[subnetId][epoch] = record.paid;
        if (!record.paid) _did("run that pays nobody");
        if (!hasTurnout) _did("run without turnout");
        _did("run");
    }

    function _runEpoch(uint32 subnetId) internal {
        uint32 epoch = _pending[subnetId];
        checkEq(_HUB.runEpoch(subnetId), epoch, "The run epoch is the last one with a reveal");
        _pending[subnetId] = 0;
        _runs.push(EpochKey(subnetId, epoch));
    }

    function _checkShares(uint32 subnetId, uint32 epoch, uint256 rows) private returns (uint256 sum) {
        ISubnetEpochs.Share[] memory shares = _HUB.sharesOf(subnetId, epoch);
        ISubnetSeats.Validator[] memory validators = _HUB.validatorsOf(subnetId);
        ISubnetSeats.Miner[] memory miners = _HUB.minersOf(subnetId);
        checkEq(rows + miners.length, shares.length, "A record has all slots");
        for (uint256 i; i < rows; ++i) {
            check(shares[i].account == validators[i].account, "A validator's share is its own");
            if (_counts(validators[i].account, subnetId, epoch)) {
                if (shares[i].share != 0) _did("share of a validator");
            } else checkEq(shares[i].share, 0, "A validator without reveal or stake has no share");
            sum += shares[i].share;
        }
        for (uint256 j; j < miners.length; ++j) {
            ISubnetEpochs.Share memory share = shares[rows + j];
            check(share.account == miners[j].account, "A miner's share is its own");
            _checkMiner(subnetId, epoch, validators, miners[j], j, share.share);
            sum += share.share;
        }
    }

    /// @dev Whether an account's weights count: it revealed and had the minimum stake.
    function _counts(address account, uint32 subnetId, uint32 epoch) private view returns (bool) {
        if (account == address(0) || _weights[account][subnetId].revealedAt != epoch) return false;
        return _countedIn(account, subnetId, epoch) >= MINIMUM;
    }

    function _turnout(uint32 subnetId, uint32 epoch) private view returns (uint256 sum) {
        ISubnetSeats.Validator[] memory validators = _HUB.validatorsOf(subnetId);
        for (uint256 i; i < validators.length; ++i) {
            address account = validators[i].account;
            if (_counts(account, subnetId, epoch)) sum += _countedIn(account, subnetId, epoch);
        }
    }

    function _checkMiner(
        uint32 subnetId,
        uint32 epoch,
        ISubnetSeats.Validator[] memory validators,
        ISubnetSeats.Miner memory miner,
        uint256 j,
        uint256 share
    ) private {
        (bool isBacked, bool isOwn) = (false, false);
        for (uint256 i; i < validators.length; ++i) {
            address account = validators[i].account;
            if (!_counts(account, subnetId, epoch) || _weightAt(account, subnetId, j) == 0) continue;
            if (account == miner.account) isOwn = true;
            else isBacked = true;
        }
        bool isPaid = isBacked && miner.registeredAt < epoch && _HUB.subnetOf(subnetId).sector == 0;
        if (!isPaid) checkEq(share, 0, "A miner without weight of another validator has no share");
        if (isOwn && !isBacked) _did("weights on oneself alone");
        if (share != 0) _did("share of a miner");
    }

    function _weightAt(address account, uint32 subnetId, uint256 j) private view returns (uint16) {
        bytes storage row = _weights[account][subnetId].revealed;
        if (2 * j >= row.length) return 0;
        return (uint16(uint8(row[2 * j])) << 8) | uint8(row[2 * j + 1]);
    }

    /// @dev The record has them after the shares and a leading zero byte. Without turnout they are not scaled anew, and
    ///      the largest may be that of a validator that left.
    function _checkBonds(ISubnetEpochs.EpochRecord memory record, bool hasTurnout) private view {
        bytes memory data = record.record.code;
        (uint256 rows, uint256 columns) = (record.validators, record.miners);
        uint256 start = 1 + (rows + columns) * SHARE_BYTES;
        checkEq(data.length, start + 2 * rows * columns, "A record has two bytes per bond");
        for (uint256 j; j < columns; ++j) {
            uint256 most;
            for (uint256 i; i < rows; ++i) {
                uint256 offset = start + 2 * (i * columns + j);
                uint256 bond = (uint256(uint8(data[offset])) << 8) | uint8(data[offset + 1]);
                if (bond > most) most = bond;
            }
            check(
                most == 0 || most == 65_535 || !hasTurnout,
                "The largest bond of a miner is 65535, or it has none"
            );
        }
    }
}
