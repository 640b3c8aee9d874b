// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILicenseNFT} from "../../../contracts/licenses/ILicenseNFT.sol";

/// @notice A gate that does not ask which capsule a license is of.
contract CarelessGate {
    ILicenseNFT private immutable LICENSES;
    uint256 public calls;

    constructor(ILicenseNFT licenses) {
        LICENSES = licenses;
    }

    function serve(uint64 licenseId, uint32 contexts) external {
        require(LICENSES.authorize(licenseId, msg.sender, contexts) == ILicenseNFT.Access.Allowed, "refused");
        ++calls;
    }
}

/// @notice A gate for the token's holder, whoever uses the license.
contract HolderGate {
    ILicenseNFT private immutable LICENSES;
    uint256 public calls;

    constructor(ILicenseNFT licenses) {
        LICENSES = licenses;
    }

    function serve(uint64 licenseId, uint32) external {
        require(LICENSES.ownerOf(licenseId) == msg.sender, "not held");
        ++calls;
    }
}
