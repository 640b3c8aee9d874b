// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {ECDSA} from "solady/src/utils/ECDSA.sol";
import {EfficientHashLib} from "solady/src/utils/EfficientHashLib.sol";

import {IGuardian} from "../governance/IGuardian.sol";
import {Settlement} from "../libraries/Settlement.sol";
import {ILicenseNFT} from "../licenses/ILicenseNFT.sol";
import {ITermsRegistry} from "../licenses/ITermsRegistry.sol";
import {IUsageLedger} from "./IUsageLedger.sol";

/// @notice The part of the usage ledger that both modes share: usage words and the checks of a voucher.
abstract contract Vouchers is IUsageLedger, EIP712 {
    bytes32 public constant VOUCHER_TYPEHASH = keccak256("UsageVoucher(uint256 licenseId,bytes32 usage)");

    ILicenseNFT public immutable LICENSES;
    ITermsRegistry public immutable TERMS;
    IGuardian public immutable GUARDIAN;

    mapping(uint64 licenseId => Usage) internal _usages;

    /// @dev A struct, so that a row computes its slot once.
    struct Usage {
        bytes32 word;
    }

    constructor(
        ILicenseNFT licenses,
        ITermsRegistry terms,
        IGuardian guardian
    ) EIP712("Benefit Grid UsageLedger", "1") {
        LICENSES = licenses;
        TERMS = terms;
        GUARDIAN = guardian;
    }

    // Checking a batch

    function _checkNotPaused() internal view {
        if (GUARDIAN.isPaused()) revert SettlementPaused(GUARDIAN.pausedUntil());
    }

    /// @return contexts allowed by the offer's terms
    function _checkOffer(
        uint32 meterId,
        uint64 offerId,
        ITermsRegistry.Mode mode
    ) internal view returns (uint32 contexts) {
        ITermsRegistry.Mode actual;
        (actual, contexts) = _checkMetered(meterId, offerId);
        if (actual != mode) revert OfferModeMismatch(offerId, actual);
    }

    function _checkMetered(
        uint32 meterId,
        uint64 offerId
    ) internal view returns (ITermsRegistry.Mode mode, uint32 contexts) {
        address ledger;
        uint32 offerMeterId;
        (ledger, offerMeterId, mode, contexts) = TERMS.offerMeteringOf(offerId);
        if (ledger != address(this) || offerMeterId != meterId) revert OfferNotMetered(offerId, meterId);
    }

    /// @dev Calls `LICENSES.settlementsOf`. Arguments and result are copied as a whole: Solidity copies them word by
    ///      word, for more gas than everything else in the call except storage.
    function _settlementsOf(
        uint64 offerId,
        uint256[] memory licenseIds
    ) internal view returns (Settlement[] memory settlements) {
        (address licenses, uint256 selector) = (
            address(LICENSES),
            uint32(ILicenseNFT.settlementsOf.selector)
        );
        assembly ("memory-safe") {
            let free := mload(0x40)
            let size := mul(add(mload(licenseIds), 1), 0x20)
            mstore(free, selector)
            mstore(add(free, 0x20), offerId)
            mstore(add(free, 0x40), 0x40)
            mcopy(add(free, 0x60), licenseIds, size)
            // The answer: where the array starts, then the array.
            if iszero(staticcall(gas(), licenses, add(free, 0x1c), add(size, 0x44), free, add(size, 0x20))) {
                returndatacopy(free, 0, returndatasize())
                revert(free, returndatasize())
            }
            settlements := add(free, 0x20)
            mstore(0x40, add(settlements, size))
        }
    }

    // Checking a voucher

    function _checkSignature(
        bytes32 domain,
        Settlement settlement,
        uint256 licenseId,
        bytes32 usage,
        bytes32 r,
        bytes32 vs
    ) internal view {
        bytes32 digest = MessageHashUtils.toTypedDataHash(domain, _structHash(licenseId, usage));
        address signer = settlement.signer();
        address recovered = ECDSA.tryRecover(digest, r, vs);
        if (recovered != signer || recovered == address(0) || (uint256(vs) << 1) >> 1 > ECDSA.N / 2)
            revert VoucherSignatureInvalid(uint64(licenseId), signer);
    }

    function _structHash(uint256 licenseId, bytes32 usage) private pure returns (bytes32) {
        return EfficientHashLib.hash(VOUCHER_TYPEHASH, bytes32(licenseId), usage);
    }

    function _checkUse(
        uint64 licenseId,
        uint64 units,
        uint64 prepaid,
        uint32 oldContexts,
        uint32 contexts,
        uint32 allowed
    ) internal pure {
        if (units > prepaid) revert VoucherExceedsPrepaid(licenseId, units, prepaid);
        if (oldContexts & ~contexts != 0) revert VoucherContextsDropped(licenseId, oldContexts, contexts);
        if (contexts & ~allowed != 0) revert VoucherContextsNotAllowed(licenseId, contexts, allowed);
    }

    // Reading

    /// @inheritdoc IUsageLedger
    function usageOf(uint64 licenseId) external view returns (bytes32) {
        return _usages[licenseId].word;
    }

    /// @inheritdoc IUsageLedger
    function voucherDigest(uint64 licenseId, bytes32 usage) external view returns (bytes32) {
        return _hashTypedDataV4(_structHash(licenseId, usage));
    }
}
