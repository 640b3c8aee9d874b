// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP7702Utils} from "@openzeppelin/contracts/account/utils/EIP7702Utils.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Settlement, SettlementLib} from "../libraries/Settlement.sol";
import {IERC4907} from "./IERC4907.sol";
import {ILicenseNFT} from "./ILicenseNFT.sol";
import {Licenses} from "./Licenses.sol";

/// @notice The part of the license contract about signers of vouchers: their changes, service and settlement.
abstract contract LicenseSigners is Licenses {
    // Changing the signer

    /// @inheritdoc ILicenseNFT
    function setSigner(uint64 licenseId, address signer) external {
        address holder = _requireOwned(licenseId);
        bool isRented = _isRented(licenseId);
        if (isRented && _rentals[licenseId].user != msg.sender)
            revert CallerNotLicenseUser(licenseId, msg.sender);
        if (!isRented && holder != msg.sender) revert CallerNotLicenseHolder(licenseId, msg.sender);
        if (signer == address(0)) revert LicenseSignerZero();
        if (!isRented) _endRental(licenseId, holder);
        _startSignerChange(licenseId, holder, signer);
    }

    /// @dev At most one change is pending. No signer is served meanwhile, so replacing or ending it costs a meter
    ///      nothing. Naming the current signer ends a pending change.
    /// @param from the holder, before a transfer
    function _startSignerChange(uint64 licenseId, address from, address to) internal {
        (address signer, ) = _signerNow(licenseId, from);
        uint40 changeAt = signer == to ? 0 : uint40(block.timestamp + SETTLEMENT_WINDOW);
        uint56 change = _keys[licenseId].changes + 1;
        _keys[licenseId] = Keys(signer, changeAt, change, to);
        _licenses[licenseId].keyed = true;

        emit SignerChangeStarted(licenseId, to, changeAt, change);
    }

    /// @return signer its vouchers settle now
    /// @return changing whether another one is to replace it, so that nobody is served
    function _signerNow(
        uint256 licenseId,
        address holder
    ) internal view returns (address signer, bool changing) {
        License storage self = _licenses[licenseId];
        if (!self.keyed) return (holder, false);
        if (self.rented) return _rentedSigner(licenseId, holder);
        return _namedSigner(licenseId);
    }

    function _rentedSigner(
        uint256 licenseId,
        address holder
    ) private view returns (address signer, bool changing) {
        Keys memory keys = _keysNow(licenseId, holder);
        if (keys.changeAt == 0) return (keys.signer, false);
        return _isChanging(keys.changeAt) ? (keys.signer, true) : (keys.pending, false);
    }

    /// @dev Without a rental. Reads the next signer's slot only once it signs.
    function _namedSigner(uint256 licenseId) private view returns (address signer, bool changing) {
        Keys storage keys = _keys[licenseId];
        uint256 changeAt = keys.changeAt;
        if (changeAt == 0) return (keys.signer, false);
        return _isChanging(changeAt) ? (keys.signer, true) : (keys.pending, false);
    }

    function _isChanging(uint256 changeAt) private view returns (bool) {
        return block.timestamp <= _endOf(changeAt - SETTLEMENT_WINDOW, SETTLEMENT_WINDOW);
    }

    /// @dev The keys, and the end of a rental as a change to the holder with its own number, without a transaction. A
    ///      change that was still pending then never takes effect: its signer was not served.
    function _keysNow(uint256 licenseId, address holder) internal view returns (Keys memory keys) {
        keys = _keys[licenseId];
        if (!_licenses[licenseId].rented) return keys;
        uint256 expires = _rentals[licenseId].expires;
        if (block.timestamp < expires) return keys;
        if (keys.changeAt != 0 && _hadChanged(keys.changeAt, expires)) keys.signer = keys.pending;
        keys.changeAt = keys.signer == holder ? 0 : uint40(expires + SETTLEMENT_WINDOW);
        ++keys.changes;
        keys.pending = holder;
    }

    /// @dev Whether a change took effect before a time in the past.
    function _hadChanged(uint256 changeAt, uint256 before) private view returns (bool) {
        if (before <= changeAt + 1) return false;
        uint256 start = changeAt - SETTLEMENT_WINDOW;
        return before - 1 > changeAt + GUARDIAN.pausedFor(uint48(start), uint48(before - 1));
    }

    /// @inheritdoc ILicenseNFT
    function confirmSigner(uint64 licenseId, uint56 change) external returns (uint64 offerId) {
        offerId = _licenses[licenseId].offerId;
        if (offerId == 0) return 0;
        _checkLedger(licenseId);
        address holder = _ownerOf(licenseId);
        Keys memory keys = _keysNow(licenseId, holder);
        if (keys.changeAt == 0 || keys.changes != change) return 0;
        if (!_isRented(licenseId)) _endRental(licenseId, holder);

        _keys[licenseId].signer = keys.pending;
        _keys[licenseId].changeAt = 0;

        emit SignerChangeConfirmed(licenseId, keys.pending);
    }

    function _endRental(uint64 licenseId, address holder) internal {
        if (!_forgetRental(licenseId, holder)) return;
        delete _rentals[licenseId];

        emit IERC4907.UpdateUser(licenseId, address(0), 0);
    }

    /// @dev Its end by time, if it is over, stays the change that it was.
    function _forgetRental(uint64 licenseId, address holder) internal returns (bool wasRented) {
        wasRented = _licenses[licenseId].rented;
        if (!wasRented) return false;
        _keys[licenseId] = _keysNow(licenseId, holder);
        _licenses[licenseId].rented = false;
    }

    /// @dev Whether somebody rents the license and its time is not over.
    function _isRented(uint256 licenseId) internal view returns (bool) {
        return _licenses[licenseId].rented && block.timestamp < _rentals[licenseId].expires;
    }

    // Serving

    /// @inheritdoc ILicenseNFT
    function authorize(uint64 licenseId, address user, uint32 contexts) external view returns (Access) {
        address holder = _ownerOf(licenseId);
        if (holder == address(0)) return Access.LicenseNonexistent;
        License storage self = _licenses[licenseId];
        if (block.timestamp >= self.expiry) return Access.LicenseExpired;
        (address signer, bool changing) = _signerNow(licenseId, holder);
        if (changing) return Access.SignerChanging;
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
        unchecked {
            for (uint256 i; i < count; ++i) settlements[i] = _settlementOf(offerId, licenseIds[i]);
        }
        // Returns the array from where it is in memory: Solidity would copy it word by word.
        assembly ("memory-safe") {
            let start := sub(settlements, 0x20)
            mstore(start, 0x20)
            return(start, mul(add(count, 2), 0x20))
        }
    }

    function _settlementOf(uint64 offerId, uint256 licenseId) private view returns (Settlement) {
        License storage self = _licenses[licenseId];
        // The whole license: offer in bits 0 to 63, prepaid to 127, expiry to 167, `keyed` and `rented` from 224.
        uint256 word;
        assembly ("memory-safe") {
            word := sload(self.slot)
        }
        if (uint64(word) != offerId) revert LicenseOfferMismatch(licenseId, offerId);
        unchecked {
            uint256 expiry = uint40(word >> 128);
            if (block.timestamp > expiry + SETTLEMENT_WINDOW) _checkWindow(licenseId, expiry);
        }
        address signer;
        if (word >> 224 == 0) signer = _ownerOf(licenseId);
        else
            (signer, ) = word >> 232 == 0
                ? _namedSigner(licenseId)
                : _rentedSigner(licenseId, _ownerOf(licenseId));
        return SettlementLib.ofSigner(signer, uint64(word >> 64));
    }

    // Reading

    /// @inheritdoc ILicenseNFT
    function keysOf(uint64 licenseId) external view returns (Keys memory) {
        return _keysNow(licenseId, _requireOwned(licenseId));
    }

    /// @inheritdoc ILicenseNFT
    function signerOf(uint64 licenseId) external view returns (address signer) {
        (signer, ) = _signerNow(licenseId, _requireOwned(licenseId));
    }

    /// @inheritdoc ILicenseNFT
    function deadlinesOf(
        uint64 licenseId
    ) external view returns (uint256 settleBy, uint256 windowEnd, uint256 lapsesAfter) {
        uint256 changeAt = _keysNow(licenseId, _requireOwned(licenseId)).changeAt;
        uint256 expiry = _licenses[licenseId].expiry;
        windowEnd = _endSoFar(expiry, SETTLEMENT_WINDOW);
        lapsesAfter = _endSoFar(expiry, SETTLEMENT_WINDOW + LAPSE_PERIOD);
        settleBy = windowEnd;
        if (changeAt != 0 && _isChanging(changeAt))
            settleBy = Math.min(windowEnd, _endSoFar(changeAt - SETTLEMENT_WINDOW, SETTLEMENT_WINDOW));
        else if (_isRented(licenseId))
            settleBy = Math.min(windowEnd, _rentals[licenseId].expires + SETTLEMENT_WINDOW);
    }
}
