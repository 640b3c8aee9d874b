// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICapsuleRegistry} from "../../../contracts/capsules/ICapsuleRegistry.sol";
import {ISettlementRouter} from "../../../contracts/settlement/ISettlementRouter.sol";
import {GridTest} from "../../utils/GridTest.sol";
import {IToken} from "../../utils/Contracts.sol";

/// @notice The amounts and states that the grid should have after each action, by the simplest computation.
abstract contract GridModel is GridTest {
    uint256 internal constant DATA = 0;
    uint256 internal constant MODEL = 1;
    uint256 internal constant COMPUTE = 2;
    uint256 internal constant PLATFORM = 3;
    uint64 internal constant MAX_DERIVATIVE_UNITS = type(uint64).max / 10_000;

    struct SharesVersion {
        address owner;
        bytes32 rowsHash;
        ICapsuleRegistry.ShareRow[] rows;
    }

    /// @dev The revenue of one shares version in one token.
    struct Book {
        bool isOpen;
        uint256 total;
        uint256 direct;
        uint256 released;
        uint256 meterCompute;
        uint256[3] rowsDirectAndInbound;
        uint256[3] inbound;
        bytes32 frozen;
    }

    struct BookKey {
        uint64 capsuleId;
        uint32 version;
        IToken token;
    }

    struct OfferModel {
        uint64 capsuleId;
        uint32 meterId;
        IToken token;
        uint96 price;
        uint8 terms;
        bool retired;
        bool isPrivate;
        uint16 sector;
        address application;
        uint256 escrow;
        uint256 openUnits;
        uint256 releasedUnits;
        uint256 settledUnits;
    }

    struct LicenseModel {
        uint64 offerId;
        uint64 prepaid;
        uint64 bought;
        uint32 contexts;
        uint256 used;
        bytes32 word;
        uint256 expiry;
        bool closing;
        bool burned;
        address holder;
        address signer;
        address pending;
        uint256 changeAt;
        uint56 changes;
    }

    struct PauseModel {
        uint256 start;
        uint256 end;
    }

    uint64 internal _capsules;
    mapping(uint64 capsuleId => uint32) internal _current;
    mapping(uint64 capsuleId => ICapsuleRegistry.Parent[]) internal _parents;
    mapping(uint64 capsuleId => mapping(uint32 version => SharesVersion)) internal _shares;
    mapping(uint64 capsuleId => mapping(uint32 version => mapping(IToken token => Book))) internal _books;
    mapping(uint64 capsuleId => mapping(uint32 version => mapping(IToken token => mapping(uint256 earner => uint256))))
        internal _taken;
    BookKey[] internal _openBooks;
    OfferModel[] internal _offers;
    LicenseModel[] internal _licenses;
    uint64[] internal _openLicenses;
    PauseModel[] internal _pauses;

    address[] internal _accounts;
    mapping(address account => mapping(IToken token => uint256)) internal _withdrawable;
    mapping(IToken token => uint256) internal _paidIn;
    mapping(IToken token => uint256) internal _paidOut;
    mapping(IToken token => uint256) internal _donated;
    uint16 internal _applicationBps;
    mapping(uint16 sector => ISettlementRouter.SectorShare) internal _sectorShares;

    // Modeling capsules

    function _modelRegister(address owner, ICapsuleRegistry.ShareRow[] memory rows) internal {
        _current[++_capsules] = 1;
        _modelShares(_capsules, 1, owner, rows);
    }

    function _modelShares(
        uint64 capsuleId,
        uint32 version,
        address owner,
        ICapsuleRegistry.ShareRow[] memory rows
    ) private {
        SharesVersion storage self = _shares[capsuleId][version];
        self.owner = owner;
        uint256[3] memory sums;
        for (uint256 i; i < rows.length; ++i) sums[uint256(rows[i].role)] += rows[i].units;
        uint64 left = _pushParents(self, _parents[capsuleId], sums);
        for (uint256 i; i < rows.length; ++i) _pushOwn(self, rows[i], left);
        for (uint256 role; role < 3; ++role)
            if (sums[role] == 0) _pushOwn(self, share(role, 1, address(0)), left);
        self.rowsHash = keccak256(abi.encode(self.rows));
    }

    /// @dev Parents earn their share of data and of models.
    /// @return left 10,000 less all shares, or 1 if there are none
    function _pushParents(
        SharesVersion storage self,
        ICapsuleRegistry.Parent[] storage parents,
        uint256[3] memory sums
    ) private returns (uint64 left) {
        left = 10_000;
        for (uint256 role; role < COMPUTE; ++role) {
            uint256 sum = sums[role] == 0 ? 1 : sums[role];
            for (uint256 i; i < parents.length; ++i) {
                uint16 bps = parents[i].shareBps;
                if (bps != 0) self.rows.push(capsuleShare(role, uint64(sum * bps), parents[i].capsuleId));
            }
        }
        for (uint256 i; i < parents.length; ++i) left -= parents[i].shareBps;
        return left == 10_000 ? 1 : left;
    }

    function _pushOwn(SharesVersion storage self, ICapsuleRegistry.ShareRow memory row, uint64 left) private {
        self.rows.push(row);
        if (uint256(row.role) != COMPUTE) self.rows[self.rows.length - 1].units *= left;
    }

    /// @dev Keeps a hash of the ended version's revenue: any later change shows.
    function _modelNextVersion(
        uint64 capsuleId,
        address owner,
        ICapsuleRegistry.ShareRow[] memory rows
    ) internal {
        _modelShares(capsuleId, _endVersion(capsuleId), owner, rows);
    }

    function _endVersion(uint64 capsuleId) private returns (uint32) {
        uint32 version = _current[capsuleId]++;
        _books[capsuleId][version][usd].frozen = _revenueHash(capsuleId, version, usd);
        _books[capsuleId][version][otherUsd].frozen = _revenueHash(capsuleId, version, otherUsd);
        return version + 1;
    }

    /// @dev A transfer keeps all rows.
    function _modelCarriedOver(uint64 capsuleId, address owner) internal {
        uint32 version = _endVersion(capsuleId);
        SharesVersion storage before = _shares[capsuleId][version - 1];
        SharesVersion storage self = _shares[capsuleId][version];
        (self.owner, self.rowsHash) = (owner, before.rowsHash);
        for (uint256 i; i < before.rows.length; ++i) self.rows.push(before.rows[i]);
    }

    function _revenueHash(uint64 capsuleId, uint32 version, IToken token) internal view returns (bytes32) {
        return keccak256(abi.encode(router.revenueOf(capsuleId, version, address(token))));
    }

    function _ownerOf(uint64 capsuleId) internal view returns (address) {
        return _shares[capsuleId][_current[capsuleId]].owner;
    }

    // Modeling money

    function _book(uint64 capsuleId, uint32 version, IToken token) internal returns (Book storage self) {
        self = _books[capsuleId][version][token];
        if (self.isOpen) return self;
        self.isOpen = true;
        _openBooks.push(BookKey(capsuleId, version, token));
    }

    function _modelPay(uint64 capsuleId, IToken token, uint256 amount) internal {
        Book storage self = _book(capsuleId, _current[capsuleId], token);
        uint256[4] memory before = _legsOf(self.total);
        self.total += amount;
        self.direct += amount;
        self.rowsDirectAndInbound[COMPUTE] += _legsOf(self.total)[COMPUTE] - before[COMPUTE];
    }

    function _modelRelease(uint64 offerId, uint256 units, address payee) internal {
        OfferModel storage offer = _offers[offerId - 1];
        Book storage self = _book(offer.capsuleId, _current[offer.capsuleId], offer.token);
        uint256[4] memory before = _legsOf(self.total);
        uint256 amount =
            priceDown(offer.releasedUnits + units, offer.price) - priceDown(offer.releasedUnits, offer.price);
        offer.releasedUnits += units;
        offer.escrow -= amount;
        self.total += amount;
        self.released += amount;
        uint256[4] memory then = _legsOf(self.total);
        self.meterCompute += then[COMPUTE] - before[COMPUTE];
        _withdrawable[payee][offer.token] += then[COMPUTE] - before[COMPUTE];
        _modelParts(offer, then[PLATFORM] - before[PLATFORM]);
    }

    /// @dev The application is paid first, then the sector. The platform took both.
    function _modelParts(OfferModel storage offer, uint256 platform) private {
        bool isPaid = offer.application != address(0) && offer.application != address(router);
        uint256 application = isPaid ? (platform * _applicationBps) / 10_000 : 0;
        ISettlementRouter.SectorShare storage share = _sectorShares[offer.sector];
        uint256 sector = ((platform - application) * share.bps) / 10_000;
        _withdrawable[offer.application][offer.token] += application;
        _withdrawable[share.account][offer.token] += sector;
        _taken[offer.capsuleId][_current[offer.capsuleId]][offer.token][0] += application + sector;
    }

    function _modelDeposit(OfferModel storage offer, uint256 units, uint256 price) internal {
        _paidIn[offer.token] += price;
        offer.escrow += price;
        offer.openUnits += units;
    }

    function _modelRefund(OfferModel storage offer, address holder, uint256 unused) internal {
        uint256 amount = priceDown(unused, offer.price);
        offer.escrow -= amount;
        _withdrawable[holder][offer.token] += amount;
    }

    /// @dev Price of all units of an offer's open licenses, used ones included, and the remainder of releases.
    function _held(OfferModel storage offer) internal view returns (uint256) {
        return _priceWithCarry(offer, offer.openUnits);
    }

    function _priceWithCarry(OfferModel storage offer, uint256 units) internal view returns (uint256) {
        uint256 carry = (offer.releasedUnits * offer.price) % MILLION;
        return (units * offer.price + carry) / MILLION;
    }

    function _modelInbound(uint64 capsuleId, uint256 role, IToken token, uint256 amount) internal {
        Book storage self = _book(capsuleId, _current[capsuleId], token);
        self.inbound[role] += amount;
        self.rowsDirectAndInbound[role] += amount;
    }

    /// @dev All that an earner ever earned, rounded down. Earner 0 is the platform.
    function _earned(
        uint64 capsuleId,
        uint32 version,
        IToken token,
        uint256 earner
    ) internal view returns (uint256) {
        Book storage book = _books[capsuleId][version][token];
        uint256[4] memory legs = _legsOf(book.total);
        if (earner == 0) return legs[PLATFORM];
        ICapsuleRegistry.ShareRow[] storage rows = _shares[capsuleId][version].rows;
        uint256 role = uint256(rows[earner - 1].role);
        uint256 revenue = book.rowsDirectAndInbound[role] + (role == COMPUTE ? 0 : legs[role]);
        uint256 units;
        for (uint256 i; i < rows.length; ++i) if (uint256(rows[i].role) == role) units += rows[i].units;
        return (revenue * rows[earner - 1].units) / units;
    }

    /// @dev The legs in closed form: data rounds up, model and platform round down, compute is the rest.
    function _legsOf(uint256 total) internal pure returns (uint256[4] memory) {
        uint256 dataAndModel = (7 * total + 9) / 10;
        uint256 platform = total / 10;
        return [(4 * dataAndModel + 6) / 7, (3 * dataAndModel) / 7, (3 * total) / 10 - platform, platform];
    }

    // Modeling licenses

    function _signerNow(LicenseModel storage self) internal view returns (address) {
        return self.changeAt != 0 && block.timestamp > _changeEnd(self) ? self.pending : self.signer;
    }

    function _changeEnd(LicenseModel storage self) internal view returns (uint256) {
        return self.changeAt == 0 ? 0 : _endOf(self.changeAt - WINDOW, WINDOW);
    }

    function _windowEnd(LicenseModel storage self) internal view returns (uint256) {
        return _endOf(self.expiry, WINDOW);
    }

    function _lapsesAfter(LicenseModel storage self) internal view returns (uint256) {
        return _endOf(self.expiry, WINDOW + LAPSE);
    }

    /// @dev The end of a period of this length, later by all pauses in it until now.
    function _endOf(uint256 start, uint256 length) private view returns (uint256 end) {
        end = start + length;
        for (uint256 i; i < _pauses.length; ++i) {
            PauseModel storage pause = _pauses[i];
            uint256 from = pause.start > start ? pause.start : start;
            uint256 to = pause.end < block.timestamp ? pause.end : block.timestamp;
            if (to > from) end += to - from;
        }
    }

    /// @dev The end that errors name: the contract looks for pauses only once the period would be over.
    function _reportedEnd(uint256 start, uint256 length) internal view returns (uint256) {
        return block.timestamp > start + length ? _endOf(start, length) : start + length;
    }

    function _isPaused() internal view returns (bool) {
        return block.timestamp < _pausedUntil();
    }

    /// @dev When the newest pause ends, or 0.
    function _pausedUntil() internal view returns (uint256) {
        return _pauses.length == 0 ? 0 : _pauses[_pauses.length - 1].end;
    }

    function _modelSignerChange(LicenseModel storage self, address pending) internal {
        self.signer = _signerNow(self);
        self.pending = pending;
        self.changeAt = self.signer == pending ? 0 : block.timestamp + WINDOW;
        ++self.changes;
    }

    function _modelBurn(uint64 licenseId) internal {
        LicenseModel storage self = _licenses[licenseId - 1];
        self.burned = true;
        _offers[self.offerId - 1].openUnits -= self.prepaid;
        for (uint256 i; i < _openLicenses.length; ++i) {
            if (_openLicenses[i] != licenseId) continue;
            _openLicenses[i] = _openLicenses[_openLicenses.length - 1];
            _openLicenses.pop();
            return;
        }
    }
}
