// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICapsuleRegistry} from "../../../contracts/capsules/ICapsuleRegistry.sol";
import {ISettlementRouter} from "../../../contracts/settlement/ISettlementRouter.sol";
import {OfferHandler} from "./OfferHandler.sol";
import {IToken} from "../../utils/Contracts.sol";

/// @notice People pay capsules directly, and earners are paid. A pause stops none of it.
abstract contract SettlementHandler is OfferHandler {
    constructor() {
        _add(SettlementHandler.pay.selector, 2);
        _add(SettlementHandler.claim.selector, 2);
        _add(SettlementHandler.passOn.selector, 2);
        _add(SettlementHandler.withdraw.selector, 1);
        _add(SettlementHandler.sweep.selector, 1);
        _add(SettlementHandler.donate.selector, 1);
        _add(SettlementHandler.setParts.selector, 1);
        string[7] memory outcomes = [
            "pay",
            "claim",
            "passOn",
            "withdraw",
            "donate",
            "setApplicationShare",
            "setSectorShare"
        ];
        for (uint256 i; i < outcomes.length; ++i) {
            _expect(outcomes[i], 5);
            _expect(_inPause(outcomes[i]), 1);
        }
        // Too seldom in a pause: licenses of the offer lapsed or closed within a bound.
        _expect("sweep", 5);
        _expect("sweep beside open licenses", 2);
    }

    function pay(uint256 seed) external warped {
        uint64 id = _capsule(seed);
        IToken token = (seed >> 64) % 2 == 0 ? usd : otherUsd;
        uint256 amount = bound(seed >> 72, 1, (seed >> 65) % 2 == 0 ? 30 : 2 ** 90);
        address payer = _person(seed >> 168);
        token.mint(payer, amount);
        _paidIn[token] += amount;
        VM.prank(payer);
        router.pay(id, address(token), uint128(amount), "");
        _modelPay(id, token, amount);
        _did("pay");
    }

    function claim(uint256 seed) external warped {
        if (_openBooks.length == 0) return;
        (BookKey memory key, uint256 first, uint256 number) = _randomRange(seed);
        address[] memory payees = new address[](number);
        uint256[] memory owed = new uint256[](number);
        uint256[] memory expected = new uint256[](number);
        uint256 sum;
        for (uint256 i; i < number; ++i) {
            payees[i] = _payeeOf(key, first + i);
            // The router never pays itself.
            if (payees[i] == address(router)) payees[i] = address(0);
            if (payees[i] == address(0)) continue;
            owed[i] = _take(key, first + i);
            sum += owed[i];
        }
        for (uint256 i; i < number; ++i) {
            expected[i] = key.token.balanceOf(payees[i]);
            for (uint256 j; j < number; ++j) if (payees[j] == payees[i]) expected[i] += owed[j];
        }
        VM.prank(STRANGER);
        router.claim(claimRange(key.capsuleId, key.version, address(key.token), first, number));
        for (uint256 i; i < number; ++i) {
            checkEq(
                key.token.balanceOf(payees[i]),
                expected[i],
                "A claim pays each beneficiary what its rows earned and did not take"
            );
        }
        _paidOut[key.token] += sum;
        if (sum != 0) _did("claim");
    }

    function _randomRange(
        uint256 seed
    ) private view returns (BookKey memory key, uint256 first, uint256 number) {
        key = _openBooks[seed % _openBooks.length];
        uint256 rows = _shares[key.capsuleId][key.version].rows.length;
        first = bound(seed >> 64, 0, rows);
        number = bound(seed >> 128, 1, rows + 1 - first);
    }

    /// @dev The account that an earner's part is paid to, or zero if it is passed on to a capsule.
    function _payeeOf(BookKey memory key, uint256 earner) private view returns (address) {
        if (earner == 0) return COMMONS;
        ICapsuleRegistry.ShareRow storage row = _shares[key.capsuleId][key.version].rows[earner - 1];
        if (row.capsuleId != 0) return address(0);
        return row.account == address(0) ? _shares[key.capsuleId][key.version].owner : row.account;
    }

    function _take(BookKey memory key, uint256 earner) private returns (uint256 amount) {
        mapping(uint256 => uint256) storage taken = _taken[key.capsuleId][key.version][key.token];
        amount = _earned(key.capsuleId, key.version, key.token, earner) - taken[earner];
        taken[earner] += amount;
    }

    function passOn(uint256 seed) external warped {
        for (uint256 i; i < _openBooks.length; ++i) {
            // Few rows name a capsule, so try until one has something to pass on.
            (BookKey memory key, uint256 first, uint256 number) = _randomRange(_roll(seed, i));
            if (_passOn(key, first, number) != 0) return _did("passOn");
        }
    }

    function _passOn(BookKey memory key, uint256 first, uint256 number) private returns (uint256 sum) {
        uint256[] memory amounts = new uint256[](number);
        for (uint256 i; i < number; ++i) {
            if (_payeeOf(key, first + i) == address(0)) amounts[i] = _take(key, first + i);
            sum += amounts[i];
        }
        if (sum == 0) return 0;
        VM.prank(STRANGER);
        router.passOn(claimRange(key.capsuleId, key.version, address(key.token), first, number));
        for (uint256 i; i < number; ++i) {
            if (amounts[i] == 0) continue;
            ICapsuleRegistry.ShareRow storage row = _shares[key.capsuleId][key.version].rows[first + i - 1];
            _modelInbound(row.capsuleId, uint256(row.role), key.token, amounts[i]);
        }
    }

    function withdraw(uint256 seed) external warped {
        IToken token = seed % 2 == 0 ? usd : otherUsd;
        for (uint256 i; i < _accounts.length; ++i) {
            address account = _accounts[((seed >> 8) + i) % _accounts.length];
            uint256 amount = _withdrawable[account][token];
            if (amount == 0) continue;
            uint256 before = token.balanceOf(account);
            VM.prank(STRANGER);
            router.withdraw(account, address(token));
            checkEq(token.balanceOf(account) - before, amount, "A withdrawal pays what was withdrawable");
            _withdrawable[account][token] = 0;
            _paidOut[token] += amount;
            return _did("withdraw");
        }
    }

    /// @dev Owners retire an offer that holds more than the price of its open licenses, and somebody sweeps it, again
    ///      after each further license ends.
    function sweep(uint256 seed) external warped {
        for (uint64 i; i < _offers.length; ++i) {
            uint64 offerId = uint64(((seed % 1_000) + i) % _offers.length) + 1;
            OfferModel storage offer = _offers[offerId - 1];
            uint256 held = _held(offer);
            if (offer.escrow <= held) continue;
            uint256 amount = offer.escrow - held;
            if (!offer.retired) {
                // Rounding alone is no reason to end sales.
                if (amount < 10 || _offersForSale() <= MAX_OFFERS_FOR_SALE / 2) continue;
                _retire(offerId);
            }
            VM.prank(_person(seed >> 64));
            router.sweep(offerId);
            offer.escrow = held;
            _modelPay(offer.capsuleId, offer.token, amount);
            _did(offer.openUnits == 0 ? "sweep" : "sweep beside open licenses");
            return;
        }
    }

    function donate(uint256 seed) external warped {
        IToken token = seed % 2 == 0 ? usd : otherUsd;
        uint256 amount = bound(seed >> 8, 1, 2 ** 60);
        token.mint(STRANGER, amount);
        VM.prank(STRANGER);
        check(token.transfer(address(router), amount), "Anybody can send tokens unasked");
        _donated[token] += amount;
        _did("donate");
    }

    /// @dev Governance sets the applications' fraction and one sector's.
    function setParts(uint256 seed) external warped {
        _setApplicationShare(seed);
        _setSectorShare(_roll(seed, 0));
    }

    function _setApplicationShare(uint256 seed) private {
        _applicationBps = uint16(bound(seed, 0, 5_000));
        VM.prank(ADMIN);
        router.setApplicationShare(_applicationBps);
        _did("setApplicationShare");
    }

    function _setSectorShare(uint256 seed) private {
        uint16 sector = uint16(seed % 3);
        uint16 bps = uint16(bound(seed >> 16, 0, 5_000));
        address account = [SECTOR_ACCOUNT, COMMONS, APPLICATION, _people[1]][(seed >> 8) % 4];
        _sectorShares[sector] = ISettlementRouter.SectorShare(account, bps);
        VM.prank(ADMIN);
        router.setSectorShare(sector, account, bps);
        _did("setSectorShare");
    }
}
