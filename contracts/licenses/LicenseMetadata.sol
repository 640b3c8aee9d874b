// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

// JSON and SVG have double quotes inside.
// solhint-disable quotes

import {Base64} from "solady/src/utils/Base64.sol";
import {LibString} from "solady/src/utils/LibString.sol";

import {ICapsuleRegistry} from "../capsules/ICapsuleRegistry.sol";
import {ILicenseMetadata} from "./ILicenseMetadata.sol";
import {ILicenseNFT} from "./ILicenseNFT.sol";
import {ITermsRegistry} from "./ITermsRegistry.sol";
import {LicensePicture} from "./LicensePicture.sol";
import {LicenseText} from "./LicenseText.sol";

/// @notice Describes licenses to wallets and marketplaces: JSON with a picture of what the license allows.
contract LicenseMetadata is ILicenseMetadata {
    using LibString for string;
    using LibString for uint256;

    uint40 internal constant IRREVOCABLE = type(uint40).max;

    ICapsuleRegistry public immutable CAPSULES;
    ITermsRegistry public immutable TERMS;

    /// @param capsules the licensed capsules
    /// @param terms offers, their conditions, and the contexts' names
    constructor(ICapsuleRegistry capsules, ITermsRegistry terms) {
        CAPSULES = capsules;
        TERMS = terms;
    }

    // Describing

    /// @inheritdoc ILicenseMetadata
    function uriOf(ILicenseNFT licenses, uint64 licenseId) external view returns (string memory) {
        LicensePicture.Facts memory facts = _factsOf(licenses, licenseId);
        string memory image = Base64.encode(bytes(LicensePicture.draw(facts)));
        string memory json = string.concat(
            '{"name":"Benefit Grid License #',
            facts.licenseId,
            '","description":"The right to use a capsule of the Benefit Grid, with prepaid units.","attributes":[',
            _attributesOf(facts, licenses.licenseOf(licenseId).expiry),
            '],"image":"data:image/svg+xml;base64,',
            image,
            '"}'
        );
        return string.concat("data:application/json;base64,", Base64.encode(bytes(json)));
    }

    function _factsOf(
        ILicenseNFT licenses,
        uint64 licenseId
    ) private view returns (LicensePicture.Facts memory facts) {
        ILicenseNFT.License memory license = licenses.licenseOf(licenseId);
        ITermsRegistry.Conditions memory terms = TERMS.offerConditionsOf(license.offerId);
        uint64 capsuleId = TERMS.offerOf(license.offerId).capsuleId;

        facts.licenseId = uint256(licenseId).toString();
        facts.capsuleId = uint256(capsuleId).toString();
        facts.kind = _kindOf(capsuleId);
        facts.uri = LicenseText.percentEncoded(CAPSULES.tokenURI(capsuleId));
        facts.status = _statusOf(license);
        facts.units = LicenseText.grouped(license.prepaid);
        facts.maxUnits = LicenseText.grouped(terms.maxUnits);
        facts.term = LicenseText.duration(terms.duration);
        facts.expiry = LicenseText.date(license.expiry);
        facts.transferable = terms.transferable ? "Yes" : "No";
        facts.derivatives = _derivatives(terms);
        facts.revocable =
            terms.revocationNotice == IRREVOCABLE
                ? "No"
                : string.concat("With notice of ", LicenseText.duration(terms.revocationNotice));
        facts.contexts = _namesOf(terms.contexts);
    }

    function _kindOf(uint64 capsuleId) private view returns (string memory) {
        string[5] memory kinds = ["Data", "Model", "Code", "Compute", "Agent"];
        return kinds[uint256(CAPSULES.capsuleOf(capsuleId).kind)];
    }

    function _statusOf(ILicenseNFT.License memory license) private view returns (string memory) {
        if (block.timestamp >= license.expiry) return "Ended";
        return license.closing ? "Ending" : "Active";
    }

    function _derivatives(ITermsRegistry.Conditions memory terms) private pure returns (string memory) {
        if (!terms.derivatives) return "No";
        if (terms.derivativeShareBps == 0) return "Yes";
        return string.concat("For ", LicenseText.percentage(terms.derivativeShareBps), " of their revenue");
    }

    function _namesOf(uint256 contexts) private view returns (string[] memory names) {
        names = new string[](LicenseText.bitsOf(contexts));
        uint256 count;
        for (uint256 code; code < 32; ++code) {
            if (contexts & (1 << code) != 0) names[count++] = TERMS.contextOf(uint8(code)).name;
        }
    }

    // JSON

    function _attributesOf(
        LicensePicture.Facts memory facts,
        uint256 expiry
    ) private pure returns (string memory list) {
        list = string.concat(
            '{"display_type":"date","trait_type":"Valid until","value":',
            expiry.toString(),
            "}"
        );
        list = string.concat(list, _attribute("Capsule", facts.capsuleId), _attribute("Kind", facts.kind));
        list = string.concat(list, _attribute("Content", facts.uri), _attribute("Status", facts.status));
        list = string.concat(list, _attribute("Units", facts.units), _attribute("Term", facts.term));
        list = string.concat(list, _attribute("Units per term", facts.maxUnits));
        list = string.concat(list, _attribute("Transferable", facts.transferable));
        list = string.concat(list, _attribute("Derivatives", facts.derivatives));
        list = string.concat(list, _attribute("Revocable", facts.revocable));
        for (uint256 i; i < facts.contexts.length; ++i)
            list = string.concat(list, _attribute("Context", facts.contexts[i]));
    }

    function _attribute(string memory name, string memory value) private pure returns (string memory) {
        return string.concat(',{"trait_type":"', name, '","value":', value.escapeJSON(true), "}");
    }
}
