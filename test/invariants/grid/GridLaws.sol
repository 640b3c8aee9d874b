// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICapsuleRegistry} from "../../../contracts/capsules/ICapsuleRegistry.sol";
import {ILicenseNFT} from "../../../contracts/licenses/ILicenseNFT.sol";
import {ISettlementRouter} from "../../../contracts/settlement/ISettlementRouter.sol";
import {Earner, Units} from "../../../contracts/libraries/Earner.sol";
import {GridModel} from "./GridModel.sol";
import {IToken} from "../../utils/Contracts.sol";

/// @notice The laws compare the contracts with the model.
abstract contract GridLaws is GridModel {
    /// @notice Laws 1 and 8: the router holds exactly its debts, and all incoming money less all payments.
    function checkMoney() public view {
        _checkMoney(usd);
        _checkMoney(otherUsd);
    }

    function _checkMoney(IToken token) private view {
        uint256 balance = token.balanceOf(address(router));
        checkEq(
            balance,
            _escrowed(token) + _unclaimed(token) + _owed(token) + _donated[token],
            "The router holds escrow, unclaimed, withdrawable and donated amounts, and nothing else"
        );
        checkEq(
            balance + _paidOut[token],
            _paidIn[token] + _donated[token],
            "Incoming money was paid out or is held"
        );
    }

    function _escrowed(IToken token) private view returns (uint256 sum) {
        for (uint64 i; i < _offers.length; ++i) {
            if (address(_offers[i].token) == address(token)) sum += router.escrowOf(i + 1).balance;
        }
    }

    function _owed(IToken token) private view returns (uint256 sum) {
        for (uint256 i; i < _accounts.length; ++i) {
            uint256 amount = router.withdrawable(_accounts[i], address(token));
            checkEq(
                amount,
                _withdrawable[_accounts[i]][token],
                "An account may withdraw its refunds, compute legs, and parts of applications and sectors"
            );
            sum += amount;
        }
    }

    /// @dev By the router's own counters: the revenue of all roles, less the amounts that earners took.
    function _unclaimed(IToken token) private view returns (uint256 sum) {
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

    /// @notice Law 2: legs add up, and no earner took more than it earned, or the same money twice.
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
        checkEq(revenue.total, book.direct + book.released, "Revenue is all direct payments and releases");
        checkEq(
            legs[DATA] + legs[MODEL] + legs[COMPUTE] + legs[PLATFORM],
            revenue.total,
            "The legs add up to the revenue"
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
            "An earner took each amount once, by a claim or by passing on"
        );
        checkAtMost(
            taken,
            _earned(key.capsuleId, key.version, key.token, earner),
            "No earner took more than it earned"
        );
    }

    /// @notice Laws 3 and 4: no license settles more than is prepaid, each unit once, and escrow backs the rest.
    function checkLicenses() public view {
        uint256[] memory unused = new uint256[](_offers.length);
        uint256[] memory open = new uint256[](_offers.length);
        for (uint256 i; i < _openLicenses.length; ++i) {
            LicenseModel storage self = _licenses[_openLicenses[i] - 1];
            _checkLicense(_openLicenses[i], self);
            unused[self.offerId - 1] += self.prepaid - self.used;
            open[self.offerId - 1] += self.prepaid;
        }
        for (uint256 i; i < _offers.length; ++i) _checkEscrow(i, unused[i], open[i]);
        checkEq(licenses.lastLicenseId(), _licenses.length, "Only buyers create licenses");
    }

    function _checkLicense(uint64 licenseId, LicenseModel storage self) private view {
        ILicenseNFT.License memory license = licenses.licenseOf(licenseId);
        bytes32 usage = ledger.usageOf(licenseId);
        checkEq(license.prepaid, self.prepaid, "A license's prepaid units were all paid for");
        checkEq(license.bought, self.bought, "A license counts the units bought in its term");
        checkEq(
            license.expiry,
            self.expiry,
            "A license expires at the time that its terms, holder or licensor set"
        );
        check(license.closing == self.closing, "Only holder and licensor start the closing of a license");
        check(licenses.ownerOf(licenseId) == self.holder, "A license belongs to its last buyer or receiver");
        check(
            licenses.signerOf(licenseId) == _signerNow(self),
            "A new signer takes over once the settlement window of the change is over"
        );
        checkEq(
            licenses.keysOf(licenseId).changes,
            self.changes,
            "Each naming of a signer and each transfer has a number of its own"
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
            "The usage word holds the released units, each once, or the newest commitment"
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
            offer.escrow,
            "An offer's escrow is all prices paid, less the price of all settled units, refunds and sweeps"
        );
        checkEq(
            escrow.carry,
            (offer.settledUnits * offer.price) % MILLION,
            "An offer carries the remainder of all settled units"
        );
        checkEq(escrow.openUnits, open, "An offer's escrow counts the units of its open licenses");
        checkAtMost(
            _priceWithCarry(offer, unused),
            escrow.balance,
            "An offer's escrow covers the unused units of its open licenses, settled or refunded"
        );
        checkEq(offer.releasedUnits, offer.settledUnits, "Units are released once each");
    }

    /// @notice Law 5: an ended shares version keeps its owner and its revenue.
    function checkHistory() public view {
        checkEq(capsules.lastCapsuleId(), _capsules, "Only registering creates capsules");
        for (uint64 id = 1; id <= _capsules; ++id) {
            uint32 current = _current[id];
            checkEq(capsules.currentSharesVersion(id), current, "Each change starts one shares version");
            check(capsules.ownerOf(id) == _ownerOf(id), "A capsule belongs to its last receiver");
            for (uint32 version = 1; version < current; ++version) _checkEnded(id, version);
            _checkParents(id, current);
        }
    }

    /// @dev By the terms at registration, and by the table itself: no copy of the scaling.
    function _checkParents(uint64 id, uint32 version) private view {
        ICapsuleRegistry.Parent[] storage parents = _parents[id];
        checkEq(capsules.parentsOf(id).length, parents.length, "A capsule keeps its parents");
        if (parents.length == 0) return;
        uint256 rows = _shares[id][version].rows.length;
        (Earner[] memory earners, Units units) = capsules.earnersOf(id, version, 1, rows);
        for (uint256 i; i < parents.length; ++i) {
            for (uint256 role; role < COMPUTE; ++role) {
                uint256 sum;
                for (uint256 j; j < rows; ++j) {
                    bool isParents = earners[j].capsuleId() == parents[i].capsuleId;
                    if (isParents && earners[j].role() == role) sum += earners[j].units();
                }
                checkAtMost(
                    units.ofRole(role) * parents[i].shareBps,
                    sum * 10_000,
                    "A parent's part of data and models is never below its license's terms"
                );
            }
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
