// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILicenseNFT} from "./ILicenseNFT.sol";
import {ITermsRegistry} from "./ITermsRegistry.sol";

/// @notice Base for contracts of your own: opens functions to the users of one capsule's licenses.
/// @dev The caller must be the license's signer: its holder, its tenant during a rental, or the key that they named. A
///      signer is an account with a key, so contracts cannot call for it. The gate checks the right of use and counts no
///      units: charge for each call through the router, or meter it off the chain.
abstract contract LicenseGated {
    ILicenseNFT public immutable LICENSES;
    ITermsRegistry public immutable TERMS;
    /// @notice Licenses of this capsule are accepted, under any of its offers.
    uint64 public immutable CAPSULE_ID;

    error LicenseRefused(uint64 licenseId, address user, ILicenseNFT.Access reason);
    error LicenseOfOtherCapsule(uint64 licenseId, uint64 capsuleId);

    /// @param licenses the grid's license contract
    /// @param terms the grid's terms registry
    /// @param capsuleId the licensed capsule
    constructor(ILicenseNFT licenses, ITermsRegistry terms, uint64 capsuleId) {
        LICENSES = licenses;
        TERMS = terms;
        CAPSULE_ID = capsuleId;
    }

    /// @notice Lets the license's signer call.
    /// @dev - `ILicenseNFT.authorize` allows the caller these contexts now, or `LicenseRefused` with its reason
    ///      - the license is of `CAPSULE_ID`, or `LicenseOfOtherCapsule`
    /// @param licenseId the license that the caller names
    /// @param contexts set of contexts of this use; 0 accepts any license of the capsule
    modifier onlyLicensed(uint64 licenseId, uint32 contexts) {
        _checkLicense(licenseId, contexts);
        _;
    }

    function _checkLicense(uint64 licenseId, uint32 contexts) private view {
        ILicenseNFT.Access access = LICENSES.authorize(licenseId, msg.sender, contexts);
        if (access != ILicenseNFT.Access.Allowed) revert LicenseRefused(licenseId, msg.sender, access);
        (, uint64 capsuleId, , , , ) = TERMS.offerPaymentOf(LICENSES.licenseOf(licenseId).offerId);
        if (capsuleId != CAPSULE_ID) revert LicenseOfOtherCapsule(licenseId, capsuleId);
    }
}
