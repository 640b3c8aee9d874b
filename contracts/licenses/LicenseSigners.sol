// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP7702Utils} from "@openzeppelin/contracts/account/utils/EIP7702Utils.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Settlement, SettlementLib} from "../libraries/Settlement.sol";
import {ILicenseNFT} from "./ILicenseNFT.sol";
import {Licenses} from "./Licenses.sol";

/// @notice The part of the license contract about signers of vouchers: their changes, service and settlement.
abstract contract LicenseSigners is Licenses {
    // Changing the signer

    /// @inheritdoc ILicenseNFT
    function setSigner(uint64 licenseId, address signer) external {
        _checkHolder(licenseId);
        if (signer == address(0)) revert LicenseSignerZero();
        _startSignerChange(licenseId, msg.sender, signer);
    }

    /// @dev At most one change is pending. No signer is served meanwhile, so replacing or ending it costs a meter
    ///      nothing. Naming the current signer ends a pending change.
    function _startSignerChange(uint64 licenseId, address from, address to) internal {
        License storage self = _licenses[licenseId];
        address signer = self.keyed ? _keyedSigner(licenseId) : from;
        uint40 changeAt = signer == to ? 0 : uint40(block.timestamp + SETTLEMENT_WINDOW);
        uint56 change = _keys[licenseId].changes + 1;
        _keys[licenseId] = Keys(signer, changeAt, change, to);
        self.keyed = true;

        emit SignerChangeStarted(licenseId, to, changeAt, change);
    }

    function _keyedSigner(uint256 licenseId) private view returns (address) {
        Keys storage keys = _keys[licenseId];
        uint256 changeAt = keys.changeAt;
        return changeAt == 0 || _isChanging(changeAt) ? keys.signer : keys.pending;
    }

    function _isChanging(uint256 changeAt) private view returns (bool) {
        return block.timestamp <= _endOf(changeAt - SETTLEMENT_WINDOW, SETTLEMENT_WINDOW);
    }

    /// @inheritdoc ILicenseNFT
    function confirmSigner(uint64 licenseId, uint56 change) external returns (uint64 offerId) {
        offerId = _licenses[licenseId].offerId;
        if (offerId == 0) return 0;
        _checkLedger(licenseId);
        Keys storage keys = _keys[licenseId];
        if (keys.changeAt == 0 || keys.changes != change) return 0;

        keys.signer = keys.pending;
        keys.changeAt = 0;

        emit SignerChangeConfirmed(licenseId, keys.signer);
    }

    // Serving

    /// @inheritdoc ILicenseNFT
    function authorize(uint64 licenseId, address user, uint32 contexts) external view returns (Access) {
        address holder = _ownerOf(licenseId);
        if (holder == address(0)) return Access.LicenseNonexistent;
        License storage self = _licenses[licenseId];
        if (block.timestamp >= self.expiry) return Access.LicenseExpired;
        uint256 changeAt = _keys[licenseId].changeAt;
        if (changeAt != 0 && _isChanging(changeAt)) return Access.SignerChanging;
        address signer = self.keyed ? _keyedSigner(licenseId) : holder;
        if (!_hasKey(signer)) return Access.SignerNotKey;
        if (user != signer) return Access.UserNotSigner;
        uint32 allowed = TERMS.offerConditionsOf(self.offerId).contexts;
        return contexts & ~allowed == 0 ? Access.Allowed : Access.ContextNotAllowed;
    }

    /// @dev Contracts have no key, unless their code is a delegation of EIP-7702. A wallet to be deployed later passes.
    function _hasKey(address account) private view returns (bool) {
        return account.code.length == 0 || EIP7702Utils.fetchDelegate(account) != address(0);
    }

    // Settling

    /// @inheritdoc ILicenseNFT
    function settlementsOf(
        uint64 offerId,
        uint256[] calldata licenseIds
    ) external view returns (Settlement[] memory settlements) {
        uint256 count = licenseIds.length;
        settlements = new Settlement[](count);
        for (uint256 i; i < count; ++i) settlements[i] = _settlementOf(offerId, licenseIds[i]);
        // Returns the array from where it is in memory: Solidity would copy it word by word.
        assembly ("memory-safe") {
            let start := sub(settlements, 0x20)
            mstore(start, 0x20)
            return(start, mul(add(count, 2), 0x20))
        }
    }

    function _settlementOf(uint64 offerId, uint256 licenseId) private view returns (Settlement) {
        License storage self = _licenses[licenseId];
        (uint64 actual, uint64 prepaid, uint256 expiry, bool keyed) = (
            self.offerId,
            self.prepaid,
            self.expiry,
            self.keyed
        );
        if (actual != offerId) revert LicenseOfferMismatch(licenseId, offerId);
        if (block.timestamp > expiry + SETTLEMENT_WINDOW) _checkWindow(licenseId, expiry);
        address signer = keyed ? _keyedSigner(licenseId) : _ownerOf(licenseId);
        return SettlementLib.ofSigner(signer, prepaid);
    }

    // Reading

    /// @inheritdoc ILicenseNFT
    function keysOf(uint64 licenseId) external view returns (Keys memory) {
        _requireOwned(licenseId);
        return _keys[licenseId];
    }

    /// @inheritdoc ILicenseNFT
    function signerOf(uint64 licenseId) external view returns (address) {
        address holder = _requireOwned(licenseId);
        return _licenses[licenseId].keyed ? _keyedSigner(licenseId) : holder;
    }

    /// @inheritdoc ILicenseNFT
    function deadlinesOf(
        uint64 licenseId
    ) external view returns (uint256 settleBy, uint256 windowEnd, uint256 lapsesAfter) {
        _requireOwned(licenseId);
        (uint256 expiry, uint256 changeAt) = (_licenses[licenseId].expiry, _keys[licenseId].changeAt);
        windowEnd = _endSoFar(expiry, SETTLEMENT_WINDOW);
        lapsesAfter = _endSoFar(expiry, SETTLEMENT_WINDOW + LAPSE_PERIOD);
        settleBy = windowEnd;
        if (changeAt != 0 && _isChanging(changeAt))
            settleBy = Math.min(windowEnd, _endSoFar(changeAt - SETTLEMENT_WINDOW, SETTLEMENT_WINDOW));
    }
}
