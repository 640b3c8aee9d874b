// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";

import {ILicenseNFT} from "../licenses/ILicenseNFT.sol";
import {ITermsRegistry} from "../licenses/ITermsRegistry.sol";
import {ISettlementRouter} from "../settlement/ISettlementRouter.sol";
import {IUsageLedger} from "./IUsageLedger.sol";

/// @notice How much licenses were used: meters submit signed, cumulative vouchers, each counted once.
contract UsageLedger is IUsageLedger, EIP712 {
    bytes32 public constant VOUCHER_TYPEHASH = keccak256("UsageVoucher(uint256 licenseId,bytes32 usage)");

    ILicenseNFT public immutable LICENSES;
    ITermsRegistry public immutable TERMS;
    ISettlementRouter public immutable ROUTER;

    uint32 public lastMeterId;
    mapping(uint32 meterId => Meter) private _meters;
    mapping(uint64 licenseId => bytes32) public usageOf;

    /// @param licenses whose use is counted
    /// @param terms offers and their conditions
    /// @param router who pays for it
    constructor(
        ILicenseNFT licenses,
        ITermsRegistry terms,
        ISettlementRouter router
    ) EIP712("Benefit Grid UsageLedger", "1") {
        LICENSES = licenses;
        TERMS = terms;
        ROUTER = router;
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

    // Settling

    /// @inheritdoc IUsageLedger
    function settleOpen(uint32 meterId, OpenBatch[] calldata batches) external {
        _checkOperator(meterId);
        address payee = _meters[meterId].payee;
        for (uint256 i; i < batches.length; ++i)
            _settleOffer(meterId, payee, batches[i].offerId, batches[i].rows);
    }

    function _settleOffer(uint32 meterId, address payee, uint64 offerId, OpenRow[] calldata rows) private {
        _checkMetered(offerId, meterId);
        if (rows.length == 0) revert BatchEmpty(offerId);

        // One array serves twice: license ids to ask for, then entries to publish.
        uint256[] memory words = new uint256[](rows.length);
        for (uint256 i; i < rows.length; ++i) words[i] = _licenseId(rows[i].entry);
        uint256[] memory settlements = LICENSES.settlementsOf(offerId, words);
        uint32 allowed = TERMS.offerConditionsOf(offerId).contexts;
        bytes32 domain = _domainSeparatorV4();
        uint128 units;
        for (uint256 i; i < rows.length; ++i) {
            OpenRow calldata row = rows[i];
            _checkSignature(domain, address(uint160(settlements[i])), row);
            units += _settleRow(row.entry, uint64(settlements[i] >> 160), allowed);
            words[i] = uint256(row.entry);
        }

        emit OpenSettled(meterId, offerId, units, words);

        ROUTER.release(offerId, units, payee);
    }

    function _licenseId(bytes32 entry) private pure returns (uint64) {
        if (uint256(entry) >> 160 != 0) revert VoucherMalformed(entry);
        return uint64(uint256(entry) >> 96);
    }

    function _checkMetered(uint64 offerId, uint32 meterId) private view {
        ITermsRegistry.Offer memory offer = TERMS.offerOf(offerId);
        if (offer.ledger != address(this) || offer.meterId != meterId)
            revert OfferNotMetered(offerId, meterId);
    }

    function _checkSignature(bytes32 domain, address signer, OpenRow calldata row) private pure {
        uint256 entry = uint256(row.entry);
        bytes32 digest = MessageHashUtils.toTypedDataHash(
            domain,
            _structHash(entry >> 96, bytes32(uint256(uint96(entry))))
        );
        (address recovered, ECDSA.RecoverError failure, ) = ECDSA.tryRecover(digest, row.r, row.vs);
        if (failure != ECDSA.RecoverError.NoError || recovered != signer) {
            revert VoucherSignatureInvalid(uint64(entry >> 96), signer);
        }
    }

    function _settleRow(bytes32 entry, uint64 prepaid, uint32 allowed) private returns (uint64) {
        uint64 id = uint64(uint256(entry) >> 96);
        (uint64 oldUnits, uint32 oldContexts) = _unpack(usageOf[id]);
        (uint64 units, uint32 contexts) = _unpack(entry);
        if (units <= oldUnits) revert VoucherNotNewer(id, oldUnits, units);
        if (units > prepaid) revert VoucherExceedsPrepaid(id, units, prepaid);
        if (oldContexts & ~contexts != 0) revert VoucherContextsDropped(id, oldContexts, contexts);
        if (contexts & ~allowed != 0) revert VoucherContextsNotAllowed(id, contexts, allowed);

        usageOf[id] = bytes32(uint256(uint96(uint256(entry))));
        return units - oldUnits;
    }

    function _unpack(bytes32 usage) private pure returns (uint64 units, uint32 contexts) {
        return (uint64(uint256(usage)), uint32(uint256(usage) >> 64));
    }

    function _structHash(uint256 licenseId, bytes32 usage) private pure returns (bytes32) {
        return keccak256(abi.encode(VOUCHER_TYPEHASH, licenseId, usage));
    }

    /// @inheritdoc IUsageLedger
    function confirmSigners(uint32 meterId, SignerChange[] calldata changes) external {
        _checkOperator(meterId);
        for (uint256 i; i < changes.length; ++i) {
            _checkMetered(LICENSES.licenseOf(changes[i].licenseId).offerId, meterId);
            LICENSES.confirmSigner(changes[i].licenseId, changes[i].changeAt);
        }
    }

    // Closing

    /// @inheritdoc IUsageLedger
    function close(uint64 licenseId) external {
        (uint64 used, ) = _unpack(usageOf[licenseId]);
        LICENSES.close(licenseId, used);
    }

    // Reading

    /// @inheritdoc IUsageLedger
    function meterOf(uint32 meterId) external view returns (Meter memory) {
        return _meters[meterId];
    }

    /// @inheritdoc IUsageLedger
    function voucherDigest(uint64 licenseId, bytes32 usage) public view returns (bytes32) {
        return _hashTypedDataV4(_structHash(licenseId, usage));
    }
}
