// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILicenseNFT} from "../../contracts/licenses/ILicenseNFT.sol";
import {ITermsRegistry} from "../../contracts/licenses/ITermsRegistry.sol";
import {LicenseGated} from "../../contracts/licenses/LicenseGated.sol";

/// @notice A service for licensees that counts its calls.
contract GatedService is LicenseGated {
    uint256 public calls;

    constructor(
        ILicenseNFT licenses,
        ITermsRegistry terms,
        uint64 capsuleId
    ) LicenseGated(licenses, terms, capsuleId) {}

    function serve(uint64 licenseId, uint32 contexts) external onlyLicensed(licenseId, contexts) {
        ++calls;
    }

    /// @notice Serves, then calls the user.
    function serveAndCall(uint64 licenseId, uint32 contexts) external onlyLicensed(licenseId, contexts) {
        ++calls;
        PassingUser(msg.sender).served(licenseId, contexts);
    }
}

/// @notice Code that a user delegates to by EIP-7702: passes the license on, then enters the service again.
contract PassingUser {
    ILicenseNFT private immutable LICENSES;
    address private immutable NEXT;

    constructor(ILicenseNFT licenses, address next) {
        LICENSES = licenses;
        NEXT = next;
    }

    function served(uint64 licenseId, uint32 contexts) external {
        LICENSES.transferFrom(address(this), NEXT, licenseId);
        GatedService(msg.sender).serve(licenseId, contexts);
    }
}
