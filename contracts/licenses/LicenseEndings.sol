// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {Price} from "../libraries/Price.sol";
import {ILicenseNFT} from "./ILicenseNFT.sol";
import {Licenses} from "./Licenses.sol";

/// @notice The part of the license contract that ends licenses and refunds their unused units.
abstract contract LicenseEndings is Licenses {
    using SafeCast for uint256;

    uint40 internal constant IRREVOCABLE = type(uint40).max;

    // Ending

    /// @inheritdoc ILicenseNFT
    function requestClose(uint64 licenseId) external {
        _checkHolder(licenseId);
        License storage self = _licenses[licenseId];
        if (block.timestamp >= self.expiry) revert LicenseEnded(licenseId);

        self.expiry = uint40(block.timestamp);
        self.closing = true;

        emit CloseRequested(licenseId, self.expiry);
        _emitExpiry(licenseId, self.expiry);
    }

    /// @inheritdoc ILicenseNFT
    function revoke(uint64 licenseId) external {
        _requireOwned(licenseId);
        License storage self = _licenses[licenseId];
        (, uint64 capsuleId, ) = _offerOf(licenseId);
        if (CAPSULES.ownerOf(capsuleId) != msg.sender) revert CallerNotLicensor(licenseId, msg.sender);
        uint256 notice = TERMS.offerConditionsOf(self.offerId).revocationNotice;
        if (notice == IRREVOCABLE) revert LicenseIrrevocable(licenseId);
        if (self.closing) revert LicenseEnded(licenseId);

        self.expiry = uint40(Math.min(block.timestamp + notice, self.expiry));
        self.closing = true;

        emit LicenseRevoked(licenseId, self.expiry);
        _emitExpiry(licenseId, self.expiry);
    }

    /// @inheritdoc ILicenseNFT
    function close(uint64 licenseId, uint64 used) external {
        _checkLedger(licenseId);
        License storage self = _licenses[licenseId];
        uint256 windowEnd = _endOf(self.expiry, SETTLEMENT_WINDOW);
        if (block.timestamp <= windowEnd) revert LicenseWindowOpen(licenseId, windowEnd);
        uint256 lapsesAfter = _lapsesAfter(self);
        if (block.timestamp > lapsesAfter) revert LicenseLapsedAlready(licenseId, lapsesAfter);

        (uint64 offerId, uint64 prepaid) = (self.offerId, self.prepaid);
        uint128 amount = _refundOf(licenseId, used);
        address holder = _remove(licenseId);

        emit LicenseClosed(licenseId, holder, used, amount);

        ROUTER.refund(offerId, holder, prepaid, amount);
    }

    function _refundOf(uint64 licenseId, uint64 used) private view returns (uint128) {
        uint64 prepaid = _licenses[licenseId].prepaid;
        if (used > prepaid) revert LicenseUsedExceedsPrepaid(licenseId, used, prepaid);
        (, , uint96 price) = _offerOf(licenseId);
        return Price.roundedDown(prepaid - used, price).toUint128();
    }

    function _lapsesAfter(License storage self) private view returns (uint256) {
        return _endOf(self.expiry, SETTLEMENT_WINDOW + LAPSE_PERIOD);
    }

    function _remove(uint64 licenseId) private returns (address holder) {
        holder = ownerOf(licenseId);
        _burn(licenseId);
    }

    /// @inheritdoc ILicenseNFT
    function lapse(uint64 licenseId) external {
        _requireOwned(licenseId);
        License storage self = _licenses[licenseId];
        uint256 lapsesAfter = _lapsesAfter(self);
        if (block.timestamp <= lapsesAfter) revert LicenseNotLapsed(licenseId, lapsesAfter);

        (uint64 offerId, uint64 prepaid) = (self.offerId, self.prepaid);
        address holder = _remove(licenseId);

        emit LicenseLapsed(licenseId, holder);

        ROUTER.refund(offerId, holder, prepaid, 0);
    }

    // Reading

    /// @inheritdoc ILicenseNFT
    function refundOf(uint64 licenseId, uint64 used) external view returns (uint128) {
        _requireOwned(licenseId);
        uint128 amount = _refundOf(licenseId, used);
        return block.timestamp > _lapsesAfter(_licenses[licenseId]) ? 0 : amount;
    }
}
