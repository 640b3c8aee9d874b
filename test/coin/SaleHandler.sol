// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";

import {ICoinSale} from "../../contracts/coin/ICoinSale.sol";
import {ICommons} from "../../contracts/commons/ICommons.sol";
import {SaleModel} from "./SaleModel.sol";
import {IToken} from "../utils/Contracts.sol";

/// @notice People mine, sell, buy and claim coins. Each call succeeds, or fails with the expected error.
abstract contract SaleHandler is SaleModel {
    uint64 private _oldest = 1;

    constructor() {
        _add(SaleHandler.mine.selector, 1);
        _add(SaleHandler.open.selector, 2);
        _add(SaleHandler.contribute.selector, 4);
        _add(SaleHandler.claim.selector, 3);
        _add(SaleHandler.wait.selector, 1);
        _add(SaleHandler.setReserve.selector, 1);
        _add(SaleHandler.prefer.selector, 1);
        _add(SaleHandler.setProgramme.selector, 1);
        _add(SaleHandler.retire.selector, 1);
        _add(SaleHandler.release.selector, 1);
        _add(SaleHandler.donate.selector, 1);
        _add(SaleHandler.trespass.selector, 1);
        string[15] memory outcomes = [
            "mine",
            "open",
            "open refused",
            "contribute",
            "contribute refused",
            "claim",
            "claim refused",
            "wait",
            "setReserve",
            "prefer",
            "setProgramme",
            "retire",
            "release",
            "donate",
            "trespass"
        ];
        for (uint256 i; i < outcomes.length; ++i) _expect(outcomes[i], 20);
    }

    /// @dev Calls the sale. It must revert with exactly `refusal`, or succeed if that is empty.
    function _try(
        address caller,
        bytes memory data,
        bytes memory refusal,
        string memory sentence
    ) private returns (bool) {
        return callAs(caller, address(_sale), data, refusal, sentence);
    }

    // Mining

    /// @dev A day and its hold: from the report of benefit to its coins.
    function mine(uint256 seed) external warped {
        (uint256 championId, uint16 sector) = (_champion(seed), uint16(1 + _pick(seed, 1, 2)));
        if (_retired[championId]) return;
        uint32 round = _mine.currentRound();
        _mine.report(uint32(championId), sector, uint88(1 + _pick(seed, 2, 300)));
        _now += 4 days;
        VM.warp(_now);
        _mine.close(round);
        uint256 held = _coin.balanceOf(address(_sale));
        _mine.mint(round, sector, uint32(championId));
        (, , uint256 amount, ) = _mine.earningOf(round, sector, uint32(championId));

        checkEq(_coin.balanceOf(address(_sale)) - held, amount, "Every coin is minted to the sale");
        _minted += amount;
        _stock[championId] += amount;
        if (amount > _best[championId]) _best[championId] = amount;
        _did("mine");
    }

    // Selling

    function open(uint256 seed) external warped {
        uint256 championId = _champion(seed);
        uint256 last = _lastLot[championId];
        uint256 unsold = last == 0 ? 0 : _lots[last - 1].coins - _sold(_lots[last - 1]);
        uint256 waiting = _stock[championId] + unsold;
        uint256 most = 2 * _best[championId];
        if (most < COIN) most = COIN;
        uint256 coins = waiting < most ? waiting : most;
        bytes memory refusal;
        if (last != 0 && _now < _lots[last - 1].closesAt) refusal = _stillOpen(last);
        else if (coins < COIN) {
            refusal = abi.encodeWithSelector(ICoinSale.StockBelowCoin.selector, championId, coins);
        }
        bool ok = _try(
            STRANGER,
            abi.encodeCall(ICoinSale.open, (uint32(championId))),
            refusal,
            "A lot opens exactly if the last is over and a coin waits"
        );
        if (ok) _modelOpen(championId, last, waiting - coins, coins);
        _did(ok ? "open" : "open refused");
    }

    function _stillOpen(uint256 id) private view returns (bytes memory) {
        return abi.encodeWithSelector(ICoinSale.LotStillOpen.selector, id, _lots[id - 1].closesAt);
    }

    function _modelOpen(uint256 championId, uint256 last, uint256 left, uint256 coins) private {
        if (last != 0) _lots[last - 1].restocked = true;
        _stock[championId] = left;
        uint256 preference = _preference[championId];
        uint256 currency = preference != 0 && _reserve[preference - 1] != 0 ? preference - 1 : 0;
        LotModel storage lot = _lots.push();
        (lot.championId, lot.programmeId) = (uint32(championId), uint64(_programme[championId]));
        (lot.currency, lot.reserve) = (_currencies[currency], _reserve[currency]);
        (lot.coins, lot.closesAt) = (coins, _now + 1 days);
        _lastLot[championId] = _lots.length;
        ICoinSale.Lot memory actual = _sale.lotOf(_sale.lastLotId());
        check(
            actual.currency == address(lot.currency) &&
                actual.closesAt == lot.closesAt &&
                actual.championId == championId &&
                actual.reserve == lot.reserve &&
                actual.total == 0 &&
                actual.coins == coins &&
                actual.programmeId == lot.programmeId,
            "A lot opens with its champion's currency and programme, for a day"
        );
    }

    function contribute(uint256 seed) external warped {
        if (_lots.length == 0) return;
        uint256 id = _lot(seed);
        LotModel storage lot = _lots[id - 1];
        address buyer = _buyer(_pick(seed, 1, BUYERS));
        address payer = _buyer(_pick(seed, 2, BUYERS));
        uint256 whole = (lot.coins * lot.reserve) / COIN;
        uint256 amount =
            _pick(seed, 3, 4) == 0 ? _pick(seed, 4, 2 * lot.reserve) : _pick(seed, 4, whole + whole / 4 + 1);
        lot.currency.mint(payer, amount);
        VM.prank(payer);
        lot.currency.approve(address(_sale), amount);
        uint256 held = lot.currency.balanceOf(payer);
        uint256 vault = _commons.vaultOf(lot.programmeId, address(lot.currency)).balance;
        uint256 common = lot.currency.balanceOf(address(_commons));

        bool ok = _try(
            payer,
            abi.encodeCall(ICoinSale.contribute, (uint64(id), buyer, uint128(amount))),
            _contributeRefusal(id, amount),
            "A lot takes the price of a coin or more, until it is over"
        );
        if (ok) {
            checkEq(held - lot.currency.balanceOf(payer), amount, "The payer pays what it says");
            checkEq(
                _commons.vaultOf(lot.programmeId, address(lot.currency)).balance - vault,
                amount,
                "All of it is in the programme's vault"
            );
            checkEq(
                lot.currency.balanceOf(address(_commons)) - common,
                amount,
                "All of it is at the Commons"
            );
            _modelContribute(id, lot, buyer, amount);
        }
        _did(ok ? "contribute" : "contribute refused");
    }

    function _contributeRefusal(uint256 id, uint256 amount) private view returns (bytes memory) {
        LotModel storage lot = _lots[id - 1];
        if (_now >= lot.closesAt) return abi.encodeWithSelector(ICoinSale.LotOver.selector, id, lot.closesAt);
        if (amount >= lot.reserve) return "";
        return abi.encodeWithSelector(ICoinSale.ContributionTooSmall.selector, id, amount, lot.reserve);
    }

    function _modelContribute(uint256 id, LotModel storage lot, address buyer, uint256 amount) private {
        if (_contribution[id][buyer] == 0) ++lot.buyers;
        _contribution[id][buyer] += amount;
        lot.total += amount;
        lot.recorded += amount;
        _received[lot.programmeId][lot.currency] += amount;
    }

    function claim(uint256 seed) external warped {
        if (_lots.length == 0) return;
        uint256 id = _lot(seed);
        LotModel storage lot = _lots[id - 1];
        address buyer = _buyer(_pick(seed, 1, BUYERS));
        uint256 amount = _contribution[id][buyer];
        uint64[] memory ids = new uint64[](1);
        ids[0] = uint64(id);

        bool ok = _try(
            STRANGER,
            abi.encodeCall(ICoinSale.claim, (buyer, ids)),
            _now < lot.closesAt ? _stillOpen(id) : bytes(""),
            "Buyers claim when the lot is over"
        );
        if (ok) {
            uint256 coins = _share(lot, amount);
            _coins[buyer] += coins;
            lot.claimed += coins;
            lot.recorded -= amount;
            _contribution[id][buyer] = 0;
        }
        _did(ok ? "claim" : "claim refused");
    }

    // Time

    /// @dev To the end of a lot or a second beside it, or some hours.
    function wait(uint256 seed) external warped {
        if (_lots.length > 0 && _pick(seed, 0, 2) == 0) {
            uint256 moment = _lots[_lots.length - 1].closesAt + _pick(seed, 1, 3) - 1;
            if (moment > _now) _now = moment;
        } else _now += _pick(seed, 1, 9 hours);
        VM.warp(_now);
        _did("wait");
    }

    // Governing

    function setReserve(uint256 seed) external warped {
        uint256 currency = _pick(seed, 0, 2);
        uint256 reserve =
            _pick(seed, 1, 5) == 0 && currency == 1 ? 0 : 1 + _pick(seed, 2, 10 ** _pick(seed, 3, 20));
        _setReserve(currency, reserve);
        _did("setReserve");
    }

    function prefer(uint256 seed) external warped {
        (uint256 championId, uint256 preference) = (_champion(seed), _pick(seed, 1, 3));
        address token = preference == 0 ? address(0) : address(_currencies[preference - 1]);
        bool isAccepted = preference == 0 || _reserve[preference - 1] != 0;
        bool ok = _try(
            _operator(championId),
            abi.encodeCall(ICoinSale.preferCurrency, (uint32(championId), token)),
            isAccepted ? bytes("") : abi.encodeWithSelector(ICoinSale.CurrencyNotAccepted.selector, token),
            "Operators prefer accepted currencies only"
        );
        if (ok) _preference[championId] = preference;
        _did("prefer");
    }

    function setProgramme(uint256 seed) external warped {
        (uint256 championId, uint256 programmeId) = (_champion(seed), 1 + _pick(seed, 1, PROGRAMMES));
        _champions.setProgramme(uint32(championId), uint64(programmeId));
        _programme[championId] = programmeId;
        _did("setProgramme");
    }

    /// @dev One of the three champions may retire. Its coins are still sold.
    function retire(uint256) external warped {
        if (_now < 20 days) return;
        if (!_retired[3]) _champions.retire(3);
        _retired[3] = true;
        _did("retire");
    }

    function release(uint256 seed) external warped {
        (uint64 programmeId, IToken currency) = (
            uint64(1 + _pick(seed, 0, PROGRAMMES)),
            _currencies[_pick(seed, 1, 2)]
        );
        uint256 balance = _received[programmeId][currency] - _released[programmeId][currency];
        if (balance == 0) return;
        uint128 amount = uint128(1 + _pick(seed, 2, balance));
        VM.prank(_steward());
        _commons.proposeMilestone(programmeId, address(currency), amount, 0, bytes32(seed | 1));
        _releaseOldest();
    }

    /// @dev The oldest milestone, once it stood long enough. A part is enough: then the next one is the oldest.
    function _releaseOldest() private {
        uint64 id = _oldest;
        if (_now < _commons.releasableFrom(id)) return;
        ICommons.Milestone memory asked = _commons.milestoneOf(id);
        uint128 most = _commons.releasable(asked.programmeId, asked.token);
        if (most == 0) return;
        _commons.release(id, asked.programmeId, asked.token, asked.amount, 0, asked.evidenceHash);
        _released[asked.programmeId][IToken(asked.token)] += asked.amount < most ? asked.amount : most;
        ++_oldest;
        _did("release");
    }

    // Attacks

    /// @dev Sends money and coins to the sale unasked.
    function donate(uint256 seed) external warped {
        _currencies[_pick(seed, 0, 2)].mint(address(_sale), 1 + _pick(seed, 1, 1e20));
        address giver = _buyer(_pick(seed, 2, BUYERS));
        uint256 amount = _coins[giver] / 10;
        VM.prank(giver);
        check(_coin.transfer(address(_sale), amount), "Coins move");
        _coins[giver] -= amount;
        _donated += amount;
        _did("donate");
    }

    function trespass(uint256 seed) external warped {
        address[3] memory callers = [STRANGER, _operator(1), _buyer(0)];
        address caller = callers[_pick(seed, 0, 3)];
        bytes memory notAdmin = abi.encodeWithSelector(
            IAccessControl.AccessControlUnauthorizedAccount.selector,
            caller,
            bytes32(0)
        );
        bytes[2][4] memory calls = [
            [
                abi.encodeCall(ICoinSale.stock, (1, 1, uint64(1 + (seed % COIN)))),
                abi.encodeWithSelector(ICoinSale.CallerNotMine.selector, caller)
            ],
            [abi.encodeCall(ICoinSale.setCurrency, (address(_currencies[0]), 1)), notAdmin],
            [abi.encodeCall(ICoinSale.setStandardCurrency, (address(_currencies[1]))), notAdmin],
            [
                abi.encodeCall(ICoinSale.preferCurrency, (2, address(0))),
                abi.encodeWithSelector(ICoinSale.CallerNotSaleOperator.selector, 2, caller)
            ]
        ];
        bytes[2] memory chosen = calls[_pick(seed, 1, 4)];
        _try(caller, chosen[0], chosen[1], "Only the mine stocks, governance governs, and operators prefer");
        _try(
            address(this),
            abi.encodeCall(ICoinSale.stock, (1, 1, 1)),
            abi.encodeWithSelector(ICoinSale.CallerNotMine.selector, address(this)),
            "Governance stocks nothing"
        );
        _did("trespass");
    }
}
