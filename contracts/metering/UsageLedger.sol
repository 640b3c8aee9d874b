// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

import {IGuardian} from "../governance/IGuardian.sol";
import {ILicenseNFT} from "../licenses/ILicenseNFT.sol";
import {ITermsRegistry} from "../licenses/ITermsRegistry.sol";
import {ISettlementRouter} from "../settlement/ISettlementRouter.sol";
import {IUsageLedger} from "./IUsageLedger.sol";
import {IUsageRangeVerifier} from "./IUsageRangeVerifier.sol";
import {Meters} from "./Meters.sol";
import {OpenSettlement} from "./OpenSettlement.sol";
import {PrivateSettlement} from "./PrivateSettlement.sol";
import {RetiredSettlement} from "./RetiredSettlement.sol";
import {Vouchers} from "./Vouchers.sol";
import {OpenUsage} from "./VoucherWords.sol";

/// @notice Counts the use of licenses: meters submit signed, cumulative vouchers, and each counts once.
/// @dev Its parts are abstract contracts: `Meters`, `Vouchers`, `OpenSettlement`, `PrivateSettlement`,
///      `RetiredSettlement`.
contract UsageLedger is OpenSettlement, RetiredSettlement {
    bytes32 public constant CONSENT_TYPEHASH = keccak256(
        "CloseConsent(uint256 licenseId,uint64 maxUnits,uint40 expiry,uint56 changes,uint256 deadline)"
    );

    IUsageRangeVerifier public immutable RANGE_VERIFIER;

    /// @dev `InstanceOffersOutOfRange` if a circuit has more than 16 offers.
    /// @param licenses the licenses to count
    /// @param terms offers and their conditions
    /// @param router pays for use
    /// @param guardian may pause settlement
    /// @param instances circuits for proofs of batches; permanent
    /// @param rangeVerifier checks proofs of `usageRange`
    constructor(
        ILicenseNFT licenses,
        ITermsRegistry terms,
        ISettlementRouter router,
        IGuardian guardian,
        Instance[] memory instances,
        IUsageRangeVerifier rangeVerifier
    ) Meters(router) Vouchers(licenses, terms, guardian) PrivateSettlement(instances) {
        RANGE_VERIFIER = rangeVerifier;

        emit RangeVerifierSet(address(rangeVerifier));
    }

    // Changing the signer

    /// @inheritdoc IUsageLedger
    function confirmSigners(uint32 meterId, SignerChange[] calldata changes) external {
        _checkOperator(meterId);
        for (uint256 i; i < changes.length; ++i)
            _confirmSigner(meterId, changes[i].licenseId, changes[i].change);
    }

    function _confirmSigner(uint32 meterId, uint64 licenseId, uint56 change) private {
        uint64 offerId = LICENSES.confirmSigner(licenseId, change);
        if (offerId == 0) emit SignerChangeSkipped(meterId, licenseId, change);
        else _checkMetered(meterId, offerId);
    }

    // Closing

    /// @inheritdoc IUsageLedger
    function close(uint64 licenseId) external {
        uint64 offerId = LICENSES.licenseOf(licenseId).offerId;
        bytes32 usage = _usages[licenseId].word;
        if (usage != 0 && TERMS.offerOf(offerId).mode == ITermsRegistry.Mode.Private)
            revert OpeningNeeded(licenseId);
        LICENSES.close(licenseId, OpenUsage.wrap(usage).units());
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
        uint256 deadline,
        bytes calldata consent
    ) external {
        _checkAdmitted();
        _checkPrivate(LICENSES.licenseOf(licenseId).offerId);
        _checkConsent(licenseId, maxUnits, deadline, consent);
        uint256[4] memory signals = [uint256(_usages[licenseId].word), licenseId, 0, maxUnits];
        if (!RANGE_VERIFIER.verifyProof(proof.a, proof.b, proof.c, signals)) revert ProofInvalid();
        LICENSES.close(licenseId, maxUnits);
    }

    /// @dev A broken verifier must not affect open licenses.
    function _checkPrivate(uint64 offerId) private view {
        (, , ITermsRegistry.Mode mode, ) = TERMS.offerMeteringOf(offerId);
        if (mode != ITermsRegistry.Mode.Private) revert OfferModeMismatch(offerId, mode);
    }

    function _checkConsent(
        uint64 licenseId,
        uint64 maxUnits,
        uint256 deadline,
        bytes calldata consent
    ) private view {
        address holder = LICENSES.ownerOf(licenseId);
        if (msg.sender == holder) return;
        if (block.timestamp > deadline) revert CloseConsentExpired(licenseId, deadline);
        (uint40 expiry, uint56 changes) = (
            LICENSES.licenseOf(licenseId).expiry,
            LICENSES.keysOf(licenseId).changes
        );
        bytes32 digest = _hashTypedDataV4(
            keccak256(abi.encode(CONSENT_TYPEHASH, licenseId, maxUnits, expiry, changes, deadline))
        );
        if (!SignatureChecker.isValidSignatureNow(holder, digest, consent))
            revert CloseConsentInvalid(licenseId, holder);
    }
}
