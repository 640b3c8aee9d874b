// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC4906} from "@openzeppelin/contracts/interfaces/IERC4906.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";

import {ICapsuleRegistry} from "../capsules/ICapsuleRegistry.sol";
import {IGuardian} from "../governance/IGuardian.sol";
import {ISettlementRouter} from "../settlement/ISettlementRouter.sol";
import {IERC7858} from "./IERC7858.sol";
import {ILicenseNFT} from "./ILicenseNFT.sol";
import {ITermsRegistry} from "./ITermsRegistry.sol";

/// @notice The part that all parts of the license contract share: stored licenses, their periods and callers.
abstract contract Licenses is ERC721, ILicenseNFT {
    uint256 public constant SETTLEMENT_WINDOW = 3 days;
    uint256 public constant LAPSE_PERIOD = 180 days;

    ICapsuleRegistry public immutable CAPSULES;
    ITermsRegistry public immutable TERMS;
    ISettlementRouter public immutable ROUTER;
    IGuardian public immutable GUARDIAN;

    uint64 public lastLicenseId;
    mapping(uint256 licenseId => License) internal _licenses;
    mapping(uint256 licenseId => Keys) internal _keys;
    mapping(uint256 licenseId => Rental) internal _rentals;

    /// @param capsules the licensed capsules
    /// @param terms offers and their conditions
    /// @param router holds prices in escrow
    /// @param guardian its pauses extend windows
    constructor(
        ICapsuleRegistry capsules,
        ITermsRegistry terms,
        ISettlementRouter router,
        IGuardian guardian
    ) ERC721("Benefit Grid License", "LICENSE") {
        CAPSULES = capsules;
        TERMS = terms;
        ROUTER = router;
        GUARDIAN = guardian;
    }

    // Checking the caller

    function _checkHolder(uint64 licenseId) internal view {
        if (_requireOwned(licenseId) != msg.sender) revert CallerNotLicenseHolder(licenseId, msg.sender);
    }

    function _checkTransferable(uint64 licenseId) internal view {
        if (!TERMS.offerConditionsOf(_licenses[licenseId].offerId).transferable)
            revert LicenseNotTransferable(licenseId);
    }

    function _checkLedger(uint64 licenseId) internal view {
        _requireOwned(licenseId);
        (address ledger, , ) = _offerOf(licenseId);
        if (ledger != msg.sender) revert CallerNotLicenseLedger(licenseId, msg.sender);
    }

    function _offerOf(
        uint256 licenseId
    ) internal view returns (address ledger, uint64 capsuleId, uint96 pricePerMillion) {
        (ledger, capsuleId, , pricePerMillion, , ) = TERMS.offerPaymentOf(_licenses[licenseId].offerId);
    }

    // Periods

    function _checkWindow(uint256 licenseId, uint256 expiry) internal view {
        uint256 windowEnd = _endOf(expiry, SETTLEMENT_WINDOW);
        if (block.timestamp > windowEnd) revert LicenseWindowOver(licenseId, windowEnd);
    }

    /// @dev The last second of a period, extended by all pauses since its start. Reads pauses only for a period over
    ///      without them, so they cost settling in time no gas.
    function _endOf(uint256 start, uint256 length) internal view returns (uint256 end) {
        end = start + length;
        if (block.timestamp > end) end += GUARDIAN.pausedFor(uint48(start), uint48(block.timestamp));
    }

    /// @dev As `_endOf`, with all pauses so far even before the period is over.
    function _endSoFar(uint256 start, uint256 length) internal view returns (uint256 end) {
        end = start + length;
        if (block.timestamp > start) end += GUARDIAN.pausedFor(uint48(start), uint48(block.timestamp));
    }

    // Telling of changes

    /// @dev The metadata shows the expiry.
    function _emitExpiry(uint64 licenseId, uint40 expiry) internal {
        emit IERC7858.TokenExpiryUpdated(licenseId, 0, expiry);
        emit IERC4906.MetadataUpdate(licenseId);
    }

    // Reading

    /// @inheritdoc ILicenseNFT
    function licenseOf(uint64 licenseId) external view returns (License memory) {
        _requireOwned(licenseId);
        return _licenses[licenseId];
    }
}
