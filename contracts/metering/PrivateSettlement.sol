// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Settlement} from "../libraries/Settlement.sol";
import {ITermsRegistry} from "../licenses/ITermsRegistry.sol";
import {BatchStatement} from "./BatchStatement.sol";
import {IUsageBatchVerifier} from "./IUsageBatchVerifier.sol";
import {IUsageLedger} from "./IUsageLedger.sol";
import {Meters} from "./Meters.sol";
import {StaticWord, StaticWordLib, TotalWord, TotalWordLib} from "./StatementWords.sol";
import {Vouchers} from "./Vouchers.sol";
import {PrivateEntry} from "./VoucherWords.sol";

/// @notice The part of the usage ledger that settles vouchers in private mode, by proofs.
abstract contract PrivateSettlement is Meters, Vouchers {
    using BatchStatement for bytes32[];

    Instance[] private _instances;

    /// @dev A private settlement underway.
    struct Progress {
        uint32 meterId;
        uint64 offerId; // of the last batch added
        bytes32 domain;
        bytes32[] words; // the statement
        uint256 room; // offers in the statement
        TotalWord[] totals; // for the event
        uint256 offers; // totals set so far
        uint256 row; // position of the next row in the statement
    }

    constructor(Instance[] memory instances) {
        for (uint256 i; i < instances.length; ++i) {
            Instance memory instance = instances[i];
            if (instance.offers > StaticWordLib.MAX_OFFERS)
                revert InstanceOffersOutOfRange(i, instance.offers);
            _instances.push(instance);

            emit InstanceAdded(uint32(i), instance.rows, instance.offers, instance.verifier);
        }
    }

    // Settling by proof

    /// @inheritdoc IUsageLedger
    function settlePrivate(
        uint32 meterId,
        uint32 instance,
        PrivateBatch[] calldata batches,
        uint256 commitment,
        Groth16Proof calldata proof
    ) external {
        _checkOperator(meterId);
        _checkNotPaused();
        _checkAdmitted();
        Instance memory circuit = instanceOf(instance);
        uint256 rows;
        for (uint256 i; i < batches.length; ++i) rows += batches[i].rows.length;
        if (batches.length > circuit.offers || rows > circuit.rows)
            revert BatchExceedsInstance(instance, batches.length, rows);

        Progress memory progress = _start(meterId, circuit.offers, batches.length, rows);
        for (uint256 i; i < batches.length; ++i) _addBatch(progress, batches[i]);
        uint256[3] memory signals = progress.words.signals(circuit.offers, instance, meterId, commitment);
        if (!IUsageBatchVerifier(circuit.verifier).verifyProof(proof.a, proof.b, proof.c, signals))
            revert ProofInvalid();
        _finish(progress);
    }

    function _checkAdmitted() internal view {
        if (TERMS.ledgerStatus(address(this)) != ITermsRegistry.LedgerStatus.Admitted)
            revert LedgerNotAdmitted();
    }

    function _addBatch(Progress memory progress, PrivateBatch calldata batch) private {
        PrivateRow[] calldata rows = batch.rows;
        uint64 offerId = batch.offerId;
        uint32 allowed = _checkNextOffer(progress, offerId, rows.length);
        uint256[] memory ids = new uint256[](rows.length);
        uint64 previous;
        for (uint256 i; i < rows.length; ++i) ids[i] = previous = _nextLicense(previous, rows[i].entry);
        Settlement[] memory settlements = _settlementsOf(offerId, ids);
        StaticWord ofOffer = StaticWordLib.ofOffer(progress.offers, allowed);
        (bytes32[] memory words, uint256 next, bytes32 domain) = (
            progress.words,
            progress.row,
            progress.domain
        );
        for (uint256 i; i < rows.length; ++i) {
            (PrivateRow calldata row, Settlement settlement) = (rows[i], settlements[i]);
            (uint64 id, uint64 cap, bytes32 usage) = (row.entry.licenseId(), row.entry.cap(), row.usage);
            _checkRow(id, usage, cap, settlement.prepaid());
            _checkSignature(domain, settlement, id, usage, row.r, row.vs);
            next = _advance(words, next, ofOffer.withLicense(id, cap), id, usage);
        }
        progress.row = next;
        words.setTotal(progress.offers, batch.units);
        _addTotal(progress, offerId, batch.units);
    }

    function _nextLicense(uint64 previous, PrivateEntry entry) private pure returns (uint64 licenseId) {
        if (!entry.isWellFormed()) revert VoucherMalformed(PrivateEntry.unwrap(entry));
        licenseId = entry.licenseId();
        _checkOrder(previous, licenseId);
    }

    function _checkRow(uint64 licenseId, bytes32 usage, uint64 cap, uint64 prepaid) private pure {
        if (usage == 0 || uint256(usage) >= BatchStatement.PRIME)
            revert VoucherNotCommitment(licenseId, usage);
        if (cap > prepaid) revert ProvenCapExceedsPrepaid(licenseId, cap, prepaid);
    }

    // Building a statement, with a proof or without

    function _start(
        uint32 meterId,
        uint256 room,
        uint256 offers,
        uint256 rows
    ) internal view returns (Progress memory progress) {
        progress.meterId = meterId;
        progress.domain = _domainSeparatorV4();
        progress.words = BatchStatement.create(room, rows);
        progress.room = room;
        progress.totals = new TotalWord[](offers);
        progress.row = BatchStatement.firstRow(room);
    }

    function _checkNextOffer(
        Progress memory progress,
        uint64 offerId,
        uint256 rows
    ) internal view returns (uint32 allowed) {
        if (offerId <= progress.offerId) revert BatchOffersUnordered(progress.offerId, offerId);
        progress.offerId = offerId;
        allowed = _checkOffer(progress.meterId, offerId, ITermsRegistry.Mode.Private);
        if (rows == 0) revert BatchEmpty(offerId);
    }

    function _checkOrder(uint64 previous, uint64 licenseId) internal pure {
        if (licenseId <= previous) revert BatchLicensesUnordered(previous, licenseId);
    }

    function _advance(
        bytes32[] memory words,
        uint256 row,
        StaticWord staticWord,
        uint64 licenseId,
        bytes32 usage
    ) internal returns (uint256 nextRow) {
        Usage storage self = _usages[licenseId];
        bytes32 old = self.word;
        self.word = usage;
        return words.setRow(row, staticWord, old, usage);
    }

    function _addTotal(Progress memory progress, uint64 offerId, uint128 units) internal pure {
        progress.totals[progress.offers++] = TotalWordLib.ofOffer(offerId, units);
    }

    function _finish(Progress memory progress) internal {
        TotalWord[] memory totals = progress.totals;
        emit PrivateSettled(progress.meterId, totals, progress.words.packRows(progress.room));

        address payee = _payeeOf(progress.meterId);
        for (uint256 i; i < totals.length; ++i) _release(totals[i].offerId(), totals[i].units(), payee);
    }

    // Reading

    /// @inheritdoc IUsageLedger
    function instanceOf(uint32 instance) public view returns (Instance memory) {
        if (instance >= _instances.length) revert InstanceNonexistent(instance);
        return _instances[instance];
    }

    /// @inheritdoc IUsageLedger
    function instanceCount() external view returns (uint32) {
        return uint32(_instances.length);
    }
}
