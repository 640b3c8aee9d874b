// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {PoseidonT5} from "poseidon-solidity/PoseidonT5.sol";
import {ECDSA} from "solady/src/utils/ECDSA.sol";
import {EfficientHashLib} from "solady/src/utils/EfficientHashLib.sol";

import {IGuardian} from "../governance/IGuardian.sol";
import {ILicenseNFT} from "../licenses/ILicenseNFT.sol";
import {ITermsRegistry} from "../licenses/ITermsRegistry.sol";
import {ISettlementRouter} from "../settlement/ISettlementRouter.sol";
import {BatchStatement} from "./BatchStatement.sol";
import {IUsageBatchVerifier} from "./IUsageBatchVerifier.sol";
import {IUsageLedger} from "./IUsageLedger.sol";
import {IUsageRangeVerifier} from "./IUsageRangeVerifier.sol";

/// @notice How much licenses were used: meters submit signed, cumulative vouchers, each counted once.
contract UsageLedger is IUsageLedger, EIP712 {
    using BatchStatement for bytes32[];

    bytes32 public constant VOUCHER_TYPEHASH = keccak256("UsageVoucher(uint256 licenseId,bytes32 usage)");
    bytes32 public constant CONSENT_TYPEHASH = keccak256("CloseConsent(uint256 licenseId,uint64 maxUnits)");

    ILicenseNFT public immutable LICENSES;
    ITermsRegistry public immutable TERMS;
    ISettlementRouter public immutable ROUTER;
    IGuardian public immutable GUARDIAN;
    IUsageRangeVerifier public immutable RANGE_VERIFIER;

    uint32 public lastMeterId;
    mapping(uint32 meterId => Meter) private _meters;
    mapping(uint64 licenseId => Usage) private _usages;
    Instance[] private _instances;

    /// @dev A struct, so that a row finds its slot once.
    struct Usage {
        bytes32 word;
    }

    /// @dev A settlement in private mode, under way.
    struct Progress {
        uint32 meterId;
        uint64 offerId;
        bytes32 domain;
        bytes32[] words;
        uint256 room;
        uint256 offers;
        uint256 row;
    }

    /// @param licenses whose use is counted
    /// @param terms offers and their conditions
    /// @param router who pays for it
    /// @param guardian who may pause settlement
    /// @param instances circuits that prove batches: these and no others, for ever
    /// @param rangeVerifier checks proofs of `usageRange`
    constructor(
        ILicenseNFT licenses,
        ITermsRegistry terms,
        ISettlementRouter router,
        IGuardian guardian,
        Instance[] memory instances,
        IUsageRangeVerifier rangeVerifier
    ) EIP712("Benefit Grid UsageLedger", "1") {
        LICENSES = licenses;
        TERMS = terms;
        ROUTER = router;
        GUARDIAN = guardian;
        RANGE_VERIFIER = rangeVerifier;
        for (uint256 i; i < instances.length; ++i) _instances.push(instances[i]);
    }

    // Metering

    /// @inheritdoc IUsageLedger
    function registerMeter(address payee, string calldata endpoint) external returns (uint32 meterId) {
        meterId = ++lastMeterId;
        _setMeter(meterId, msg.sender, payee, endpoint);
    }

    /// @inheritdoc IUsageLedger
    function setMeter(uint32 meterId, address operator, address payee, string calldata endpoint) external {
        _checkOperator(meterId);
        _setMeter(meterId, operator, payee, endpoint);
    }

    function _checkOperator(uint32 meterId) private view {
        if (_meters[meterId].operator != msg.sender) revert CallerNotMeterOperator(meterId, msg.sender);
    }

    function _setMeter(uint32 meterId, address operator, address payee, string calldata endpoint) private {
        if (operator == address(0) || payee == address(0)) revert MeterAccountZero();

        _meters[meterId] = Meter(operator, payee);

        emit MeterSet(meterId, operator, payee, endpoint);
    }

    // Settling in open mode

    /// @inheritdoc IUsageLedger
    function settleOpen(uint32 meterId, OpenBatch[] calldata batches) external {
        _checkOperator(meterId);
        _checkNotPaused();
        address payee = _meters[meterId].payee;
        for (uint256 i; i < batches.length; ++i)
            _settleOffer(meterId, payee, batches[i].offerId, batches[i].rows);
    }

    function _checkNotPaused() private view {
        if (GUARDIAN.isPaused()) revert SettlementPaused(GUARDIAN.pausedUntil());
    }

    function _settleOffer(uint32 meterId, address payee, uint64 offerId, OpenRow[] calldata rows) private {
        uint32 allowed = _checkOffer(meterId, offerId, ITermsRegistry.Mode.Open);
        if (rows.length == 0) revert BatchEmpty(offerId);

        // One array serves twice: license ids to ask for, then entries to publish.
        uint256[] memory words = new uint256[](rows.length);
        for (uint256 i; i < rows.length; ++i) words[i] = _licenseId(rows[i].entry);
        uint256[] memory settlements = _settlementsOf(offerId, words);
        bytes32 domain = _domainSeparatorV4();
        uint128 units;
        for (uint256 i; i < rows.length; ++i) {
            (OpenRow calldata row, uint256 settlement) = (rows[i], settlements[i]);
            bytes32 usage = bytes32(uint256(uint96(uint256(row.entry))));
            uint64 id = uint64(uint256(row.entry) >> 96);
            _checkSignature(domain, settlement, id, usage, row.r, row.vs);
            units += _settleRow(id, usage, uint64(settlement >> 160), allowed);
            words[i] = uint256(row.entry);
        }

        emit OpenSettled(meterId, offerId, units, words);

        ROUTER.release(offerId, units, payee);
    }

    /// @return contexts that the offer's terms allow
    function _checkOffer(
        uint32 meterId,
        uint64 offerId,
        ITermsRegistry.Mode mode
    ) private view returns (uint32 contexts) {
        ITermsRegistry.Mode actual;
        (actual, contexts) = _checkMetered(meterId, offerId);
        if (actual != mode) revert OfferModeMismatch(offerId, actual);
    }

    function _checkMetered(
        uint32 meterId,
        uint64 offerId
    ) private view returns (ITermsRegistry.Mode mode, uint32 contexts) {
        address ledger;
        uint32 offerMeterId;
        (ledger, offerMeterId, mode, contexts) = TERMS.offerMeteringOf(offerId);
        if (ledger != address(this) || offerMeterId != meterId) revert OfferNotMetered(offerId, meterId);
    }

    function _licenseId(bytes32 entry) private pure returns (uint64) {
        if (uint256(entry) >> 160 != 0) revert VoucherMalformed(entry);
        return uint64(uint256(entry) >> 96);
    }

    /// @dev `LICENSES.settlementsOf`, with arguments and result copied as a whole: word by word, as Solidity does it, costs
    ///      more than all else in the call but storage.
    function _settlementsOf(
        uint64 offerId,
        uint256[] memory ids
    ) private view returns (uint256[] memory settlements) {
        (address licenses, uint256 selector) = (
            address(LICENSES),
            uint32(ILicenseNFT.settlementsOf.selector)
        );
        assembly ("memory-safe") {
            let free := mload(0x40)
            let size := mul(add(mload(ids), 1), 0x20)
            mstore(free, selector)
            mstore(add(free, 0x20), offerId)
            mstore(add(free, 0x40), 0x40)
            mcopy(add(free, 0x60), ids, size)
            // The answer: where the array starts, then the array.
            if iszero(staticcall(gas(), licenses, add(free, 0x1c), add(size, 0x44), free, add(size, 0x20))) {
                returndatacopy(free, 0, returndatasize())
                revert(free, returndatasize())
            }
            settlements := add(free, 0x20)
            mstore(0x40, add(settlements, size))
        }
    }

    /// @param settlement who signs, in its lowest 160 bits
    function _checkSignature(
        bytes32 domain,
        uint256 settlement,
        uint256 licenseId,
        bytes32 usage,
        bytes32 r,
        bytes32 vs
    ) private view {
        bytes32 digest = MessageHashUtils.toTypedDataHash(domain, _structHash(licenseId, usage));
        address signer = address(uint160(settlement));
        address recovered = ECDSA.tryRecover(digest, r, vs);
        if (recovered != signer || recovered == address(0) || (uint256(vs) << 1) >> 1 > ECDSA.N / 2)
            revert VoucherSignatureInvalid(uint64(licenseId), signer);
    }

    function _settleRow(uint64 id, bytes32 usage, uint64 prepaid, uint32 allowed) private returns (uint64) {
        Usage storage self = _usages[id];
        (uint64 oldUnits, uint32 oldContexts) = _unpack(self.word);
        (uint64 units, uint32 contexts) = _unpack(usage);
        if (units <= oldUnits) revert VoucherNotNewer(id, oldUnits, units);
        _checkUse(id, units, prepaid, oldContexts, contexts, allowed);

        self.word = usage;
        return units - oldUnits;
    }

    function _unpack(bytes32 usage) private pure returns (uint64 units, uint32 contexts) {
        return (uint64(uint256(usage)), uint32(uint256(usage) >> 64));
    }

    function _checkUse(
        uint64 id,
        uint64 units,
        uint64 prepaid,
        uint32 oldContexts,
        uint32 contexts,
        uint32 allowed
    ) private pure {
        if (units > prepaid) revert VoucherExceedsPrepaid(id, units, prepaid);
        if (oldContexts & ~contexts != 0) revert VoucherContextsDropped(id, oldContexts, contexts);
        if (contexts & ~allowed != 0) revert VoucherContextsNotAllowed(id, contexts, allowed);
    }

    function _structHash(uint256 licenseId, bytes32 usage) private pure returns (bytes32) {
        return EfficientHashLib.hash(VOUCHER_TYPEHASH, bytes32(licenseId), usage);
    }

    // Settling in private mode

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

        Progress memory progress = _start(meterId, circuit.offers, rows);
        for (uint256 i; i < batches.length; ++i) _addBatch(progress, batches[i]);
        uint256[3] memory signals = progress.words.signals(circuit.offers, instance, meterId, commitment);
        if (!IUsageBatchVerifier(circuit.verifier).verifyProof(proof.a, proof.b, proof.c, signals))
            revert ProofInvalid();
        _finish(progress);
    }

    function _checkAdmitted() private view {
        if (TERMS.ledgerStatus(address(this)) != ITermsRegistry.LedgerStatus.Admitted)
            revert LedgerNotAdmitted();
    }

    function _start(
        uint32 meterId,
        uint256 offers,
        uint256 rows
    ) private view returns (Progress memory progress) {
        progress.meterId = meterId;
        progress.domain = _domainSeparatorV4();
        progress.words = BatchStatement.create(offers, rows);
        progress.room = offers;
        progress.row = BatchStatement.firstRow(offers);
    }

    function _addBatch(Progress memory progress, PrivateBatch calldata batch) private {
        PrivateRow[] calldata rows = batch.rows;
        uint64 offerId = batch.offerId;
        uint256 allowed = _checkNextOffer(progress, offerId, rows.length);
        uint256[] memory ids = new uint256[](rows.length);
        uint64 previous;
        for (uint256 i; i < rows.length; ++i) ids[i] = previous = _nextLicense(previous, rows[i].entry);
        uint256[] memory settlements = _settlementsOf(offerId, ids);
        uint256 offerWord = (allowed << 192) | (uint256(offerId) << 64);
        (bytes32[] memory words, uint256 next, bytes32 domain) = (
            progress.words,
            progress.row,
            progress.domain
        );
        for (uint256 i; i < rows.length; ++i) {
            (PrivateRow calldata row, uint256 settlement) = (rows[i], settlements[i]);
            (uint64 id, uint64 cap) = (uint64(uint256(row.entry) >> 64), uint64(uint256(row.entry)));
            bytes32 usage = row.usage;
            _checkRow(id, usage, cap, uint64(settlement >> 160));
            _checkSignature(domain, settlement, id, usage, row.r, row.vs);
            next = _moveOn(words, next, offerWord | (uint256(cap) << 128) | id, id, usage);
        }
        progress.row = next;
        _addTotal(progress, offerId, batch.units);
    }

    function _checkNextOffer(
        Progress memory progress,
        uint64 offerId,
        uint256 rows
    ) private view returns (uint32 allowed) {
        if (offerId <= progress.offerId) revert BatchOffersUnordered(progress.offerId, offerId);
        progress.offerId = offerId;
        allowed = _checkOffer(progress.meterId, offerId, ITermsRegistry.Mode.Private);
        if (rows == 0) revert BatchEmpty(offerId);
    }

    function _nextLicense(uint64 previous, bytes32 entry) private pure returns (uint64 licenseId) {
        if (uint256(entry) >> 128 != 0) revert VoucherMalformed(entry);
        licenseId = uint64(uint256(entry) >> 64);
        _checkOrder(previous, licenseId);
    }

    function _checkOrder(uint64 previous, uint64 licenseId) private pure {
        if (licenseId <= previous) revert BatchLicensesUnordered(previous, licenseId);
    }

    function _checkRow(uint64 licenseId, bytes32 usage, uint64 cap, uint64 prepaid) private pure {
        if (usage == 0 || uint256(usage) >= BatchStatement.PRIME)
            revert VoucherNotCommitment(licenseId, usage);
        if (cap > prepaid) revert ProvenCapExceedsPrepaid(licenseId, cap, prepaid);
    }

    function _moveOn(
        bytes32[] memory words,
        uint256 row,
        uint256 fixedWord,
        uint64 licenseId,
        bytes32 usage
    ) private returns (uint256 nextRow) {
        Usage storage self = _usages[licenseId];
        bytes32 old = self.word;
        self.word = usage;
        return words.setRow(row, fixedWord, old, usage);
    }

    function _addTotal(Progress memory progress, uint64 offerId, uint256 units) private pure {
        progress.words.setTotal(progress.offers++, offerId, units);
    }

    function _finish(Progress memory progress) private {
        (bytes32[] memory words, uint256 offers) = (progress.words, progress.offers);
        emit PrivateSettled(progress.meterId, words.packTotals(offers), words.packRows(progress.room));

        address payee = _meters[progress.meterId].payee;
        for (uint256 i; i < offers; ++i) {
            (uint64 offerId, uint128 units) = words.totalOf(i);
            ROUTER.release(offerId, units, payee);
        }
    }

    /// @inheritdoc IUsageLedger
    function settleRetired(uint32 meterId, RetiredBatch[] calldata batches) external {
        _checkOperator(meterId);
        _checkNotPaused();
        if (TERMS.ledgerStatus(address(this)) != ITermsRegistry.LedgerStatus.Retired)
            revert LedgerNotRetired();
        uint256 rows;
        for (uint256 i; i < batches.length; ++i) rows += batches[i].rows.length;

        Progress memory progress = _start(meterId, batches.length, rows);
        for (uint256 i; i < batches.length; ++i) _addRetiredBatch(progress, batches[i]);
        _finish(progress);
    }

    function _addRetiredBatch(Progress memory progress, RetiredBatch calldata batch) private {
        RetiredRow[] calldata rows = batch.rows;
        uint64 offerId = batch.offerId;
        uint32 allowed = _checkNextOffer(progress, offerId, rows.length);
        uint256[] memory ids = new uint256[](rows.length);
        uint64 previous;
        for (uint256 i; i < rows.length; ++i) {
            _checkOrder(previous, rows[i].licenseId);
            ids[i] = previous = rows[i].licenseId;
        }
        uint256[] memory settlements = _settlementsOf(offerId, ids);
        uint128 units;
        for (uint256 i; i < rows.length; ++i)
            units += _addRetiredRow(progress, rows[i], settlements[i], allowed);
        _addTotal(progress, offerId, units);
    }

    function _addRetiredRow(
        Progress memory progress,
        RetiredRow calldata row,
        uint256 settlement,
        uint32 allowed
    ) private returns (uint64) {
        (uint64 id, Opening calldata settled, Opening calldata opening) = (
            row.licenseId,
            row.settled,
            row.usage
        );
        bytes32 usage = _commit(id, opening);
        _checkSignature(progress.domain, settlement, id, usage, row.r, row.vs);
        _checkOpening(id, settled);
        if (opening.units < settled.units) revert VoucherNotNewer(id, settled.units, opening.units);
        uint64 prepaid = uint64(settlement >> 160);
        _checkUse(id, opening.units, prepaid, settled.contexts, opening.contexts, allowed);

        progress.row = _moveOn(progress.words, progress.row, id, id, usage);
        return opening.units - settled.units;
    }

    function _commit(uint64 licenseId, Opening calldata opening) private pure returns (bytes32) {
        return bytes32(PoseidonT5.hash([licenseId, opening.units, opening.contexts, opening.salt]));
    }

    function _checkOpening(uint64 licenseId, Opening calldata opening) private view {
        bytes32 usage = _usages[licenseId].word;
        if (usage == 0 && opening.units == 0 && opening.contexts == 0 && opening.salt == 0) return;
        if (_commit(licenseId, opening) != usage) revert OpeningInvalid(licenseId, usage);
    }

    // Changing the signer

    /// @inheritdoc IUsageLedger
    function confirmSigners(uint32 meterId, SignerChange[] calldata changes) external {
        _checkOperator(meterId);
        for (uint256 i; i < changes.length; ++i) {
            _checkMetered(meterId, LICENSES.licenseOf(changes[i].licenseId).offerId);
            LICENSES.confirmSigner(changes[i].licenseId, changes[i].changeAt);
        }
    }

    // Closing

    /// @inheritdoc IUsageLedger
    function close(uint64 licenseId) external {
        uint64 offerId = LICENSES.licenseOf(licenseId).offerId;
        bytes32 usage = _usages[licenseId].word;
        if (usage != 0 && TERMS.offerOf(offerId).mode == ITermsRegistry.Mode.Private)
            revert OpeningNeeded(licenseId);
        (uint64 used, ) = _unpack(usage);
        LICENSES.close(licenseId, used);
    }

    /// @inheritdoc IUsageLedger
    function closeOpened(uint64 licenseId, Opening calldata opening) external {
        _checkOpening(licenseId, opening);
        LICENSES.close(licenseId, opening.units);
    }

    /// @inheritdoc IUsageLedger
    function closeWithin(
        uint64 licenseId,
        uint64 maxUnits,
        Groth16Proof calldata proof,
        bytes calldata consent
    ) external {
        _checkAdmitted();
        _checkPrivate(LICENSES.licenseOf(licenseId).offerId);
        _checkConsent(licenseId, maxUnits, consent);
        uint256[4] memory signals = [uint256(_usages[licenseId].word), licenseId, 0, maxUnits];
        if (!RANGE_VERIFIER.verifyProof(proof.a, proof.b, proof.c, signals)) revert ProofInvalid();
        LICENSES.close(licenseId, maxUnits);
    }

    /// @dev No proof is about open use, but a verifier may be worth nothing: it shall cost who trusted it, and nobody else.
    function _checkPrivate(uint64 offerId) private view {
        (, , ITermsRegistry.Mode mode, ) = TERMS.offerMeteringOf(offerId);
        if (mode != ITermsRegistry.Mode.Private) revert OfferModeMismatch(offerId, mode);
    }

    function _checkConsent(uint64 licenseId, uint64 maxUnits, bytes calldata consent) private view {
        address holder = LICENSES.ownerOf(licenseId);
        if (msg.sender == holder) return;
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(CONSENT_TYPEHASH, licenseId, maxUnits)));
        if (!SignatureChecker.isValidSignatureNow(holder, digest, consent))
            revert CloseConsentInvalid(licenseId, holder);
    }

    // Reading

    /// @inheritdoc IUsageLedger
    function usageOf(uint64 licenseId) external view returns (bytes32) {
        return _usages[licenseId].word;
    }

    /// @inheritdoc IUsageLedger
    function meterOf(uint32 meterId) external view returns (Meter memory) {
        return _meters[meterId];
    }

    /// @inheritdoc IUsageLedger
    function instanceOf(uint32 instance) public view returns (Instance memory) {
        if (instance >= _instances.length) revert InstanceNonexistent(instance);
        return _instances[instance];
    }

    /// @inheritdoc IUsageLedger
    function instanceCount() external view returns (uint32) {
        return uint32(_instances.length);
    }

    /// @inheritdoc IUsageLedger
    function voucherDigest(uint64 licenseId, bytes32 usage) public view returns (bytes32) {
        return _hashTypedDataV4(_structHash(licenseId, usage));
    }
}
