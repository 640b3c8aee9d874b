// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC4907} from "./IERC4907.sol";
import {LicenseSigners} from "./LicenseSigners.sol";

/// @notice The part of the license contract that rents licenses out, by ERC-4907.
abstract contract LicenseRentals is LicenseSigners, IERC4907 {
    // Renting out

    /// @inheritdoc IERC4907
    function setUser(uint256 tokenId, address user, uint64 expires) external {
        address holder = _requireOwned(tokenId);
        _checkAuthorized(holder, msg.sender, tokenId);
        uint64 licenseId = uint64(tokenId);
        if (user == address(0)) return _endRentalNow(licenseId, holder);
        _checkTransferable(licenseId);
        if (expires <= block.timestamp) revert LicenseRentalOver(licenseId, expires);

        bool goesOn = _isRented(licenseId) && _rentals[licenseId].user == user;
        if (!goesOn) {
            _forgetRental(licenseId, holder);
            _startSignerChange(licenseId, holder, user);
            _licenses[licenseId].rented = true;
        }
        _rentals[licenseId] = Rental(user, expires);

        emit UpdateUser(licenseId, user, expires);
    }

    function _endRentalNow(uint64 licenseId, address holder) private {
        bool isRented = _isRented(licenseId);
        _endRental(licenseId, holder);
        if (isRented) _startSignerChange(licenseId, holder, holder);
    }

    /// @inheritdoc IERC4907
    function userOf(uint256 tokenId) external view returns (address) {
        Rental storage rental = _rentals[tokenId];
        return block.timestamp < rental.expires ? rental.user : address(0);
    }

    /// @inheritdoc IERC4907
    function userExpires(uint256 tokenId) external view returns (uint256) {
        return _rentals[tokenId].expires;
    }
}
