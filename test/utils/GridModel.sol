// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICapsuleRegistry} from "../../contracts/capsules/ICapsuleRegistry.sol";
import {ILicenseNFT} from "../../contracts/licenses/ILicenseNFT.sol";
import {ISettlementRouter} from "../../contracts/settlement/ISettlementRouter.sol";
import {TestUSD} from "../../contracts/settlement/TestUSD.sol";
import {GridTest} from "./GridTest.sol";

/// @notice A simple model of the grid's expected state, and the laws checked against it.
abstract contract GridModel is GridTest {
    uint256 internal constant DATA = 0;
    uint256 internal constant MODEL = 1;
    uint256 internal constant COMPUTE = 2;
    uint256 internal constant PLATFORM = 3;

    struct SharesVersion {
        address owner;
        bytes32 rowsHash;
        ICapsuleRegistry.ShareRow[] rows;
    }

    /// @dev Revenue of one shares version in one token.
    struct Book {
        bool isOpen;
        uint256 total;
        uint256 direct;
        uint256 released;
        uint256 meterCompute;
        uint256 application;
        uint256[3] rowsDirectAndInbound;
        uint256[3] inbound;
        bytes32 frozen;
    }

    struct BookKey {
        uint64 capsuleId;
        uint32 version;
        TestUSD token;
    }

    struct OfferModel {
        uint64 capsuleId;
        uint32 meterId;
        TestUSD token;
        uint96 price;
        uint8 terms;
        bool retired;
        bool isPrivate;
        address application;
        uint64 open;
        uint256 lapsed;
        uint256 releasedUnits;
        uint256 settledUnits;
    }

    struct LicenseModel {
        uint64 offerId;
        uint64 prepaid;
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
    }

    struct PauseModel {
        uint256 start;
        uint256 end;
    }

    uint64 internal _capsules;
    mapping(uint64 capsuleId => uint32) internal _current;
    mapping(uint64 capsuleId => mapping(uint32 version => SharesVersion)) internal _shares;
    mapping(uint64 capsuleId => mapping(uint32 version => mapping(TestUSD token => Book))) internal _books;
    mapping(uint64 capsuleId => mapping(uint32 version => mapping(TestUSD token => mapping(uint256 earner => uint256))))
        internal _taken;
    BookKey[] internal _openBooks;
    OfferModel[] internal _offers;
    LicenseModel[] internal _licenses;
    uint64[] internal _openLicenses;
    PauseModel[] internal _pauses;

    address[] internal _accounts;
    mapping(address account => mapping(TestUSD token => uint256)) internal _withdrawable;
    mapping(TestUSD token => uint256) internal _paidIn;
    mapping(TestUSD token => uint256) internal _paidOut;
    mapping(TestUSD token => uint256) internal _donated;
    uint16 internal _applicationBps;

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
        bool[3] memory seen;
        for (uint256 i; i < rows.length; ++i) {
            self.rows.push(rows[i]);
            seen[uint256(rows[i].role)] = true;
        }
        for (uint256 role; role < 3; ++role) if (!seen[role]) self.rows.push(share(role, 1, address(0)));
        self.rowsHash = keccak256(abi.encode(self.rows));
    }

    /// @dev Stores a hash of the ending version's revenue, to detect later changes.
    function _modelNextVersion(
        uint64 capsuleId,
        address owner,
        ICapsuleRegistry.ShareRow[] memory rows
    ) internal {
        uint32 version = _current[capsuleId]++;
        _books[capsuleId][version][usd].frozen = _revenueHash(capsuleId, version, usd);
        _books[capsuleId][version][otherUsd].frozen = _revenueHash(capsuleId, version, otherUsd);
        _modelShares(capsuleId, version + 1, owner, rows);
    }

    function _revenueHash(uint64 capsuleId, uint32 version, TestUSD token) internal view returns (bytes32) {
        return keccak256(abi.encode(router.revenueOf(capsuleId, version, address(token))));
    }

    function _ownerOf(uint64 capsuleId) internal view returns (address) {
        return _shares[capsuleId][_current[capsuleId]].owner;
    }

    // Modeling money

    function _book(uint64 capsuleId, uint32 version, TestUSD token) internal returns (Book storage self) {
        self = _books[capsuleId][version][token];
        if (self.isOpen) return self;
        self.isOpen = true;
        _openBooks.push(BookKey(capsuleId, version, token));
    }

    function _modelPay(uint64 capsuleId, TestUSD token, uint256 amount) internal {
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
        self.total += units * offer.price;
        self.released += units * offer.price;
        uint256[4] memory then = _legsOf(self.total);
        offer.releasedUnits += units;
        self.meterCompute += then[COMPUTE] - before[COMPUTE];
        _withdrawable[payee][offer.token] += then[COMPUTE] - before[COMPUTE];
        if (offer.application == address(0)) return;
        uint256 application = ((then[PLATFORM] - before[PLATFORM]) * _applicationBps) / 10_000;
        self.application += application;
        _withdrawable[offer.application][offer.token] += application;
        _taken[offer.capsuleId][_current[offer.capsuleId]][offer.token][0] += application;
    }

    function _modelInbound(uint64 capsuleId, uint256 role, TestUSD token, uint256 amount) internal {
        Book storage self = _book(capsuleId, _current[capsuleId], token);
        self.inbound[role] += amount;
        self.rowsDirectAndInbound[role] += amount;
    }

    /// @dev Total earnings of an earner, rounded down. Earner 0 is the platform.
    function _earned(
        uint64 capsuleId,
        uint32 version,
        TestUSD token,
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

    /// @dev Closed form of the legs, with the rounding direction of each.
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

    /// @dev End of a span of `length` seconds, extended by the pauses so far.
    function _endOf(uint256 start, uint256 length) private view returns (uint256 end) {
        end = start + length;
        for (uint256 i; i < _pauses.length; ++i) {
            PauseModel storage pause = _pauses[i];
            uint256 from = pause.start > start ? pause.start : start;
            uint256 to = pause.end < block.timestamp ? pause.end : block.timestamp;
            if (to > from) end += to - from;
        }
    }

    function _isPaused() internal view returns (bool) {
        return _pauses.length != 0 && block.timestamp < _pauses[_pauses.length - 1].end;
    }

    function _modelSignerChange(LicenseModel storage self, address pending) internal {
        self.signer = _signerNow(self);
        self.pending = pending;
        self.changeAt = self.signer == pending ? 0 : block.timestamp + WINDOW;
    }

    function _modelBurn(uint64 licenseId) internal {
        _licenses[licenseId - 1].burned = true;
        --_offers[_licenses[licenseId - 1].offerId - 1].open;
        for (uint256 i; i < _openLicenses.length; ++i) {
            if (_openLicenses[i] != licenseId) continue;
            _openLicenses[i] = _openLicenses[_openLicenses.length - 1];
            _openLicenses.pop();
            return;
        }
    }

    // The laws

    /// @notice Laws 1 and 8: the router's balance equals its debts, and incoming minus outgoing payments.
    function checkMoney() public view {
        _checkMoney(usd);
        _checkMoney(otherUsd);
    }

    function _checkMoney(TestUSD token) private view {
        uint256 balance = token.balanceOf(address(router));
        checkEq(
            balance,
            _escrowed(token) + _unclaimed(token) + _owed(token) + _donated[token],
            "The router holds escrow, unclaimed, withdrawable and donated amounts, and nothing else"
        );
        checkEq(
            balance + _paidOut[token],
            _paidIn[token] + _donated[token],
            "What came in was paid out or is held"
        );
    }

    function _escrowed(TestUSD token) private view returns (uint256 sum) {
        for (uint64 i; i < _offers.length; ++i) {
            if (address(_offers[i].token) == address(token)) sum += router.escrowOf(i + 1).balance;
        }
    }

    function _owed(TestUSD token) private view returns (uint256 sum) {
        for (uint256 i; i < _accounts.length; ++i) {
            uint256 amount = router.withdrawable(_accounts[i], address(token));
            checkEq(
                amount,
                _withdrawable[_accounts[i]][token],
                "An account may withdraw its refunds, compute legs and applications' parts"
            );
            sum += amount;
        }
    }

    /// @dev By the router's own counters: revenue of the earners' roles minus amounts taken by earners.
    function _unclaimed(TestUSD token) private view returns (uint256 sum) {
        for (uint256 i; i < _openBooks.length; ++i) {
            BookKey memory key = _openBooks[i];
            if (address(key.token) != address(token)) continue;
            ISettlementRouter.Revenue memory revenue = router.revenueOf(
                key.capsuleId,
                key.version,
                address(token)
            );
            uint256[4] memory legs = _legsOf(revenue.total);
            sum += legs[DATA] + legs[MODEL] + legs[PLATFORM];
            sum += uint256(revenue.inboundData) + revenue.inboundModel + revenue.computeAccrued;
            uint256 earners = _shares[key.capsuleId][key.version].rows.length + 1;
            for (uint256 j; j < earners; ++j) {
                sum -= router.takenOf(key.capsuleId, key.version, address(token), j);
            }
        }
    }

    /// @notice Law 2: legs add up, and nobody took more than accrued, or twice.
    function checkRevenue() public view {
        for (uint256 i; i < _openBooks.length; ++i) _checkBook(_openBooks[i]);
    }

    function _checkBook(BookKey memory key) private view {
        Book storage book = _books[key.capsuleId][key.version][key.token];
        ISettlementRouter.Revenue memory revenue = router.revenueOf(
            key.capsuleId,
            key.version,
            address(key.token)
        );
        uint256[4] memory legs = _legsOf(revenue.total);
        checkEq(revenue.total, book.direct + book.released, "Revenue is what was paid and released");
        checkEq(
            legs[DATA] + legs[MODEL] + legs[COMPUTE] + legs[PLATFORM],
            revenue.total,
            "The legs add up to what was paid"
        );
        checkEq(
            revenue.computeAccrued + book.meterCompute,
            legs[COMPUTE] + book.inbound[COMPUTE],
            "The compute leg went to meters and compute rows"
        );
        checkEq(revenue.inboundData, book.inbound[DATA], "Data rows of other capsules pass on to data");
        checkEq(revenue.inboundModel, book.inbound[MODEL], "Model rows of other capsules pass on to models");
        check(
            revenue.inbound == (book.inbound[DATA] + book.inbound[MODEL] != 0),
            "A version knows whether anything was passed on to it"
        );
        uint256 earners = _shares[key.capsuleId][key.version].rows.length + 1;
        for (uint256 j; j < earners; ++j) _checkTaken(key, j);
    }

    function _checkTaken(BookKey memory key, uint256 earner) private view {
        uint256 taken = router.takenOf(key.capsuleId, key.version, address(key.token), earner);
        checkEq(
            taken,
            _taken[key.capsuleId][key.version][key.token][earner],
            "An earner took what was paid to it or passed on, once"
        );
        checkAtMost(
            taken,
            _earned(key.capsuleId, key.version, key.token, earner),
            "No earner took more than it earned"
        );
    }

    /// @notice Laws 3 and 4: a license settles at most its prepaid units, each once, and escrow backs the rest.
    function checkLicenses() public view {
        uint256[] memory unused = new uint256[](_offers.length);
        uint256[] memory open = new uint256[](_offers.length);
        for (uint256 i; i < _openLicenses.length; ++i) {
            LicenseModel storage self = _licenses[_openLicenses[i] - 1];
            _checkLicense(_openLicenses[i], self);
            unused[self.offerId - 1] += self.prepaid - self.used;
            ++open[self.offerId - 1];
        }
        for (uint256 i; i < _offers.length; ++i) _checkEscrow(i, unused[i], open[i]);
        checkEq(licenses.lastLicenseId(), _licenses.length, "Licenses are those that were bought");
    }

    function _checkLicense(uint64 licenseId, LicenseModel storage self) private view {
        ILicenseNFT.License memory license = licenses.licenseOf(licenseId);
        bytes32 usage = ledger.usageOf(licenseId);
        checkEq(license.prepaid, self.prepaid, "A license's prepaid units are what was paid for");
        checkEq(license.expiry, self.expiry, "A license expires when it was said to");
        check(license.closing == self.closing, "A license is closing if its holder or the licensor said so");
        check(licenses.ownerOf(licenseId) == self.holder, "A license is its holder's");
        check(
            licenses.signerOf(licenseId) == _signerNow(self),
            "The signer is who was named, once the settlement window of the change is over"
        );
        check(
            licenses.authorize(licenseId, _signerNow(self), 0) == _accessOf(self),
            "A gateway serves the signer until expiry, and nobody while the signer is changing"
        );
        checkAtMost(self.used, license.prepaid, "A license never settles more than is prepaid");
        checkEq(
            uint256(usage),
            _offers[self.offerId - 1].isPrivate
                ? uint256(self.word)
                : (uint256(self.contexts) << 64) | self.used,
            "The usage word holds the units that were released, each once, or the newest commitment"
        );
    }

    function _accessOf(LicenseModel storage self) private view returns (ILicenseNFT.Access) {
        if (block.timestamp >= self.expiry) return ILicenseNFT.Access.LicenseExpired;
        if (block.timestamp <= _changeEnd(self)) return ILicenseNFT.Access.SignerChanging;
        return ILicenseNFT.Access.Allowed;
    }

    function _checkEscrow(uint256 index, uint256 unused, uint256 open) private view {
        ISettlementRouter.Escrow memory escrow = router.escrowOf(uint64(index + 1));
        OfferModel storage offer = _offers[index];
        checkEq(
            escrow.balance,
            unused * offer.price + offer.lapsed,
            "An offer's escrow is the unused price of its open licenses and what closed and lapsed ones left"
        );
        checkEq(escrow.licenses, open, "An offer's escrow counts its open licenses");
        checkEq(offer.releasedUnits, offer.settledUnits, "Units are released once each");
    }

    /// @notice Law 5: revenue of an ended shares version never changes and stays with its earners.
    function checkHistory() public view {
        checkEq(capsules.lastCapsuleId(), _capsules, "Capsules are those that were registered");
        for (uint64 id = 1; id <= _capsules; ++id) {
            uint32 current = _current[id];
            checkEq(capsules.currentSharesVersion(id), current, "Each change starts one shares version");
            check(capsules.ownerOf(id) == _ownerOf(id), "A capsule is its owner's");
            for (uint32 version = 1; version < current; ++version) _checkEnded(id, version);
        }
    }

    function _checkEnded(uint64 id, uint32 version) private view {
        check(
            capsules.sharesOwnerOf(id, version) == _shares[id][version].owner,
            "An ended shares version keeps its owner"
        );
        check(
            _revenueHash(id, version, usd) == _books[id][version][usd].frozen &&
                _revenueHash(id, version, otherUsd) == _books[id][version][otherUsd].frozen,
            "An ended shares version's revenue never changes"
        );
    }

    /// @notice The rest of law 5: rows never change. Too costly to check after every call.
    function checkRows() public view {
        for (uint64 id = 1; id <= _capsules; ++id) {
            for (uint32 version = 1; version <= _current[id]; ++version) {
                check(
                    keccak256(abi.encode(capsules.sharesOf(id, version))) == _shares[id][version].rowsHash,
                    "A shares version keeps its rows"
                );
            }
        }
    }
}
