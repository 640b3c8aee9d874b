// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BenefitMine} from "../../contracts/coin/BenefitMine.sol";
import {CoinSale} from "../../contracts/coin/CoinSale.sol";
import {FoundationCoin} from "../../contracts/coin/FoundationCoin.sol";
import {IBenefitMine} from "../../contracts/coin/IBenefitMine.sol";
import {ICoinSale} from "../../contracts/coin/ICoinSale.sol";
import {ChampionRegistry} from "../../contracts/commons/ChampionRegistry.sol";
import {Commons} from "../../contracts/commons/Commons.sol";
import {IChampionRegistry} from "../../contracts/commons/IChampionRegistry.sol";
import {ICommons} from "../../contracts/commons/ICommons.sol";
import {PlainToken} from "../mocks/Tokens.sol";
import {Test} from "../utils/Test.sol";

/// @notice Random actions from benefit to claimed coins, beside a model of their expected results. The handler governs.
abstract contract SaleHandler is Test {
    enum Action {
        Mine,
        Open,
        OpenRefused,
        Contribute,
        ContributeRefused,
        Claim,
        ClaimRefused,
        Wait,
        SetReserve,
        Prefer,
        SetProgramme,
        Retire,
        Release,
        Donate,
        Trespass
    }

    /// @dev The model of a lot.
    struct LotModel {
        uint32 championId;
        uint64 programmeId;
        PlainToken currency;
        uint256 coins;
        uint256 reserve;
        uint256 closesAt;
        uint256 total;
        uint256 recorded;
        uint256 claimed;
        uint256 buyers;
        bool restocked;
    }

    uint256 private constant CHAMPIONS = 3;
    uint256 private constant PROGRAMMES = 3;
    uint256 private constant BUYERS = 4;
    uint256 private constant COIN = 1e8;
    address private constant STRANGER = address(0x57A6);

    mapping(Action action => uint256) public count;
    Commons private _commons;
    ChampionRegistry private _champions;
    BenefitMine private _mine;
    CoinSale private _sale;
    FoundationCoin private _coin;
    PlainToken[2] private _currencies;
    uint256 private _now;

    // The model
    LotModel[] private _lots;
    uint256 private _minted;
    uint256 private _donated;
    mapping(uint256 championId => uint256) private _stock;
    mapping(uint256 championId => uint256) private _best;
    mapping(uint256 championId => uint256) private _lastLot;
    mapping(uint256 championId => uint256) private _programme;
    mapping(uint256 championId => uint256) private _preference;
    mapping(uint256 championId => bool) private _retired;
    mapping(uint256 currency => uint256) private _reserve;
    mapping(uint256 lot => mapping(address buyer => uint256)) private _contribution;
    mapping(uint256 programmeId => mapping(PlainToken currency => uint256)) private _received;
    mapping(uint256 programmeId => mapping(PlainToken currency => uint256)) private _released;
    mapping(address buyer => uint256) private _coins;

    constructor() {
        _commons = Commons(deploy("contracts/commons/Commons.sol:Commons", abi.encode(address(this))));
        _champions = ChampionRegistry(
            deploy(
                "contracts/commons/ChampionRegistry.sol:ChampionRegistry",
                abi.encode(_commons, address(this))
            )
        );
        _champions.grantRole(_champions.PROGRAMME_ROLE(), address(this));
        _mine = BenefitMine(
            deploy("contracts/coin/BenefitMine.sol:BenefitMine", abi.encode(_champions, address(this)))
        );
        _sale = CoinSale(address(_mine.SALE()));
        _coin = FoundationCoin(address(_mine.COIN()));
        for (uint256 i; i < PROGRAMMES; ++i)
            _commons.startProgramme(ICommons.ProgrammeKind.Research, _steward(), 0, "");
        _admitChampions();
        for (uint256 i; i < 2; ++i) {
            _currencies[i] = PlainToken(deploy("test/mocks/Tokens.sol:PlainToken", abi.encode(18)));
            _setReserve(i, 3 + i * 1e18);
        }
        _sale.setStandardCurrency(address(_currencies[0]));
        _mine.admitSource(address(this), type(uint128).max);
        for (uint16 sector = 1; sector <= 2; ++sector)
            _mine.setSector(sector, IBenefitMine.SectorParams(sector, 400, 1));
        _now = block.timestamp + 1 days;
        VM.warp(_now);
    }

    function _admitChampions() private {
        uint16[] memory sectors = new uint16[](2);
        (sectors[0], sectors[1]) = (1, 2);
        for (uint256 i = 1; i <= CHAMPIONS; ++i) {
            _programme[i] = i;
            _champions.admit(
                IChampionRegistry.Admission({
                    country: uint16(i),
                    population: 1_000,
                    operator: _operator(i),
                    registrar: address(0x4E6),
                    programmeId: uint64(i),
                    sectors: sectors
                })
            );
        }
    }

    // Mining

    /// @dev One round of a day: reports benefit, closes the round and mints the coins.
    function mine(uint256 seed) external warped {
        (uint256 championId, uint16 sector) = (_champion(seed), uint16(1 + _pick(seed, 1, 2)));
        if (_retired[championId]) return;
        uint32 round = _mine.currentRound();
        _mine.report(uint32(championId), sector, uint128(1 + _pick(seed, 2, 300)));
        _now += 1 days;
        VM.warp(_now);
        _mine.close(round);
        uint256 held = _coin.balanceOf(address(_sale));
        _mine.mint(round, sector, uint32(championId));
        (, uint256 amount, ) = _mine.earningOf(round, sector, uint32(championId));

        checkEq(_coin.balanceOf(address(_sale)) - held, amount, "Every coin is minted to the sale");
        _minted += amount;
        _stock[championId] += amount;
        if (amount > _best[championId]) _best[championId] = amount;
        _did(Action.Mine);
    }

    // Selling

    function open(uint256 seed) external warped {
        uint256 championId = _champion(seed);
        uint256 last = _lastLot[championId];
        bool isOver = last == 0 || _now >= _lots[last - 1].closesAt;
        uint256 unsold = last == 0 ? 0 : _lots[last - 1].coins - _sold(_lots[last - 1]);
        uint256 waiting = _stock[championId] + unsold;
        uint256 most = 2 * _best[championId];
        if (most < COIN) most = COIN;
        uint256 coins = waiting < most ? waiting : most;

        VM.prank(STRANGER);
        bool ok = _try(abi.encodeCall(ICoinSale.open, (uint32(championId))));
        check(ok == (isOver && coins >= COIN), "A lot opens exactly if the last is over and a coin waits");
        if (ok) _modelOpen(championId, last, waiting - coins, coins);
        _did(ok ? Action.Open : Action.OpenRefused);
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

        VM.prank(payer);
        bool ok = _try(abi.encodeCall(ICoinSale.contribute, (uint64(id), buyer, uint128(amount))));
        check(
            ok == (_now < lot.closesAt && amount >= lot.reserve),
            "A lot takes what pays for a coin, until it is over"
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
        _did(ok ? Action.Contribute : Action.ContributeRefused);
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

        VM.prank(STRANGER);
        bool ok = _try(abi.encodeCall(ICoinSale.claim, (buyer, ids)));
        check(ok == (_now >= lot.closesAt), "Buyers claim when the lot is over");
        if (ok) {
            uint256 coins = _share(lot, amount);
            _coins[buyer] += coins;
            lot.claimed += coins;
            lot.recorded -= amount;
            _contribution[id][buyer] = 0;
        }
        _did(ok ? Action.Claim : Action.ClaimRefused);
    }

    // Time

    /// @dev Waits until the end of a lot or a second beside it, or for some hours.
    function wait(uint256 seed) external warped {
        if (_lots.length > 0 && _pick(seed, 0, 2) == 0) {
            uint256 moment = _lots[_lots.length - 1].closesAt + _pick(seed, 1, 3) - 1;
            if (moment > _now) _now = moment;
        } else _now += _pick(seed, 1, 9 hours);
        VM.warp(_now);
        _did(Action.Wait);
    }

    // Governing

    function setReserve(uint256 seed) external warped {
        uint256 currency = _pick(seed, 0, 2);
        uint256 reserve =
            _pick(seed, 1, 5) == 0 && currency == 1 ? 0 : 1 + _pick(seed, 2, 10 ** _pick(seed, 3, 20));
        _setReserve(currency, reserve);
        _did(Action.SetReserve);
    }

    function _setReserve(uint256 currency, uint256 reserve) private {
        _sale.setCurrency(address(_currencies[currency]), uint128(reserve));
        _reserve[currency] = reserve;
    }

    function prefer(uint256 seed) external warped {
        (uint256 championId, uint256 preference) = (_champion(seed), _pick(seed, 1, 3));
        address token = preference == 0 ? address(0) : address(_currencies[preference - 1]);
        VM.prank(_operator(championId));
        bool ok = _try(abi.encodeCall(ICoinSale.preferCurrency, (uint32(championId), token)));
        check(ok == (preference == 0 || _reserve[preference - 1] != 0), "Operators prefer what is accepted");
        if (ok) _preference[championId] = preference;
        _did(Action.Prefer);
    }

    function setProgramme(uint256 seed) external warped {
        (uint256 championId, uint256 programmeId) = (_champion(seed), 1 + _pick(seed, 1, PROGRAMMES));
        _champions.setProgramme(uint32(championId), uint64(programmeId));
        _programme[championId] = programmeId;
        _did(Action.SetProgramme);
    }

    /// @dev Only champion 3 retires. Its coins are still sold.
    function retire(uint256) external warped {
        if (_now < 20 days) return;
        if (!_retired[3]) _champions.retire(3);
        _retired[3] = true;
        _did(Action.Retire);
    }

    function release(uint256 seed) external warped {
        (uint64 programmeId, PlainToken currency) = (
            uint64(1 + _pick(seed, 0, PROGRAMMES)),
            _currencies[_pick(seed, 1, 2)]
        );
        uint256 balance = _received[programmeId][currency] - _released[programmeId][currency];
        if (balance == 0) return;
        uint128 amount = uint128(1 + _pick(seed, 2, balance));
        VM.prank(_steward());
        uint64 id = _commons.proposeMilestone(programmeId, address(currency), amount, 0, bytes32(seed | 1));
        _commons.release(id, programmeId, address(currency), amount, 0, bytes32(seed | 1));
        _released[programmeId][currency] += amount;
        _did(Action.Release);
    }

    // Attacks

    /// @dev Sends unsolicited money and coins to the sale.
    function donate(uint256 seed) external warped {
        _currencies[_pick(seed, 0, 2)].mint(address(_sale), 1 + _pick(seed, 1, 1e20));
        address giver = _buyer(_pick(seed, 2, BUYERS));
        uint256 amount = _coins[giver] / 10;
        VM.prank(giver);
        check(_coin.transfer(address(_sale), amount), "Coins move");
        _coins[giver] -= amount;
        _donated += amount;
        _did(Action.Donate);
    }

    function trespass(uint256 seed) external warped {
        address[3] memory callers = [STRANGER, _operator(1), _buyer(0)];
        VM.prank(callers[_pick(seed, 0, 3)]);
        bytes memory data = [
            abi.encodeCall(ICoinSale.stock, (1, 1, uint64(1 + (seed % COIN)))),
            abi.encodeCall(ICoinSale.setCurrency, (address(_currencies[0]), 1)),
            abi.encodeCall(ICoinSale.setStandardCurrency, (address(_currencies[1]))),
            abi.encodeCall(ICoinSale.preferCurrency, (2, address(0)))
        ][_pick(seed, 1, 4)];
        check(!_try(data), "Only the mine stocks, governance governs, and operators prefer");
        check(!_try(abi.encodeCall(ICoinSale.stock, (1, 1, 1))), "Governance stocks nothing");
        _did(Action.Trespass);
    }

    // Laws

    /// @dev Accounts for every base unit of every coin, apart from rounding dust in lots.
    function checkCoins() external view {
        uint256 known = _donated;
        for (uint256 i; i < _lots.length; ++i) {
            LotModel storage lot = _lots[i];
            uint256 sold = _sold(lot);
            checkEq(_sale.soldOf(uint64(i + 1)), sold, "A lot sells what was paid for");
            checkAtMost(lot.claimed, sold, "Claims never exceed what a lot sold");
            if (lot.recorded == 0)
                checkAtMost(sold, lot.claimed + lot.buyers, "Less than a unit a buyer is left");
            known += (lot.restocked ? sold : lot.coins) - lot.claimed;
        }
        for (uint256 i = 1; i <= CHAMPIONS; ++i) {
            known += _stock[i];
            checkEq(_sale.stockOf(uint32(i)).coins, _stock[i], "Stock is what waits");
            checkEq(_sale.stockOf(uint32(i)).best, _best[i], "The best round is known");
        }
        checkEq(_coin.totalSupply(), _minted, "All coins were minted");
        checkEq(_coin.balanceOf(address(_sale)), known, "The sale has stock, lots, and sold coins unclaimed");
        checkEq(_coin.getVotes(address(_sale)), known, "The votes of all that are the sale's own");
        for (uint256 i; i < BUYERS; ++i) {
            checkEq(_coin.balanceOf(_buyer(i)), _coins[_buyer(i)], "Buyers have their exact shares");
            known += _coins[_buyer(i)];
        }
        checkEq(known, _minted, "Minted is stock, on sale, sold unclaimed and circulating");
    }

    function checkMoney() external view {
        for (uint256 i; i < 2; ++i) {
            PlainToken currency = _currencies[i];
            uint256 inVaults;
            for (uint64 id = 1; id <= PROGRAMMES; ++id) {
                ICommons.Vault memory vault = _commons.vaultOf(id, address(currency));
                uint256 received = _received[id][currency];
                checkEq(vault.released, _released[id][currency], "Released is what milestones were paid");
                checkEq(vault.balance + vault.released, received, "Proceeds are in vaults or released");
                inVaults += vault.balance;
            }
            checkEq(currency.balanceOf(address(_commons)), inVaults, "What is in vaults is there");
            checkEq(currency.allowance(address(_sale), address(_commons)), 0, "No allowance stays");
        }
    }

    // Tools

    /// @dev The runner sets the clock back between calls.
    modifier warped() {
        VM.warp(_now);
        _;
    }

    /// @dev The design's formula, multiplied by COIN: amount x lot / max(total, lot x reserve).
    function _share(LotModel storage lot, uint256 amount) private view returns (uint256) {
        uint256 paid = lot.total * COIN;
        uint256 reserved = lot.coins * lot.reserve;
        return (amount * lot.coins * COIN) / (paid > reserved ? paid : reserved);
    }

    function _sold(LotModel storage lot) private view returns (uint256) {
        return lot.total == 0 ? 0 : _share(lot, lot.total);
    }

    function _did(Action action) private {
        ++count[action];
    }

    function _try(bytes memory data) private returns (bool ok) {
        (ok, ) = address(_sale).call(data);
    }

    function _pick(uint256 seed, uint256 place, uint256 options) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, place))) % options;
    }

    /// @dev Mostly one of the newest lots.
    function _lot(uint256 seed) private view returns (uint256) {
        uint256 last = _lots.length;
        uint256 back =
            _pick(seed, 0, 3) == 0
                ? last
                : last < CHAMPIONS
                    ? last
                    : CHAMPIONS;
        return last - _pick(seed, 9, back);
    }

    function _champion(uint256 seed) private pure returns (uint256) {
        return 1 + _pick(seed, 0, CHAMPIONS);
    }

    function _buyer(uint256 index) private pure returns (address) {
        return address(uint160(0xB0001 + index));
    }

    function _operator(uint256 championId) private pure returns (address) {
        return address(uint160(0x09E4 + championId));
    }

    function _steward() private pure returns (address) {
        return address(0x57E3A4D);
    }
}
