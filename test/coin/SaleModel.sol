// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBenefitMine} from "../../contracts/coin/IBenefitMine.sol";
import {IChampionRegistry} from "../../contracts/commons/IChampionRegistry.sol";
import {ICommons} from "../../contracts/commons/ICommons.sol";
import {Handler} from "../utils/Handler.sol";
import {
    ICoin,
    IGovernedChampions,
    IGovernedCommons,
    IGovernedMine,
    IGovernedSale,
    IToken
} from "../utils/Contracts.sol";

/// @notice The mine, the sale and the Commons, a model of their amounts, and the laws. The handler governs.
abstract contract SaleModel is Handler {
    /// @dev A lot by the simplest count.
    struct LotModel {
        uint32 championId;
        uint64 programmeId;
        IToken currency;
        uint256 coins;
        uint256 reserve;
        uint256 closesAt;
        uint256 total;
        uint256 recorded;
        uint256 claimed;
        uint256 buyers;
        bool restocked;
    }

    uint256 internal constant CHAMPIONS = 3;
    uint256 internal constant PROGRAMMES = 3;
    uint256 internal constant BUYERS = 4;
    uint256 internal constant COIN = 1e8;
    address internal constant STRANGER = address(0x57A6);

    IGovernedCommons internal _commons;
    IGovernedChampions internal _champions;
    IGovernedMine internal _mine;
    IGovernedSale internal _sale;
    ICoin internal _coin;
    IToken[2] internal _currencies;
    uint256 internal _now;

    // The model
    LotModel[] internal _lots;
    uint256 internal _minted;
    uint256 internal _donated;
    mapping(uint256 championId => uint256) internal _stock;
    mapping(uint256 championId => uint256) internal _best;
    mapping(uint256 championId => uint256) internal _lastLot;
    mapping(uint256 championId => uint256) internal _programme;
    mapping(uint256 championId => uint256) internal _preference;
    mapping(uint256 championId => bool) internal _retired;
    mapping(uint256 currency => uint256) internal _reserve;
    mapping(uint256 lot => mapping(address buyer => uint256)) internal _contribution;
    mapping(uint256 programmeId => mapping(IToken currency => uint256)) internal _received;
    mapping(uint256 programmeId => mapping(IToken currency => uint256)) internal _released;
    mapping(address buyer => uint256) internal _coins;

    constructor() {
        _commons = IGovernedCommons(
            deploy("contracts/commons/Commons.sol:Commons", abi.encode(address(this)))
        );
        _champions = IGovernedChampions(
            deploy(
                "contracts/commons/ChampionRegistry.sol:ChampionRegistry",
                abi.encode(_commons, address(this))
            )
        );
        _champions.grantRole(_champions.PROGRAMME_ROLE(), address(this));
        _mine = IGovernedMine(
            deploy("contracts/coin/BenefitMine.sol:BenefitMine", abi.encode(_champions, address(this)))
        );
        _sale = IGovernedSale(_mine.SALE());
        _coin = ICoin(_mine.COIN());
        for (uint256 i; i < PROGRAMMES; ++i)
            _commons.startProgramme(ICommons.ProgrammeKind.Research, _steward(), 0, "");
        _admitChampions();
        for (uint256 i; i < 2; ++i) {
            _currencies[i] = IToken(deploy("test/mocks/Tokens.sol:PlainToken", abi.encode(18)));
            _setReserve(i, 3 + i * 1e18);
        }
        _sale.setStandardCurrency(address(_currencies[0]));
        _mine.admitSource(address(this), type(uint88).max);
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

    function _setReserve(uint256 currency, uint256 reserve) internal {
        _sale.setCurrency(address(_currencies[currency]), uint128(reserve));
        _reserve[currency] = reserve;
    }

    // Laws

    /// @dev Every base unit of every coin is accounted for, apart from rounding dust in lots.
    function checkCoins() external view {
        uint256 known = _donated;
        for (uint256 i; i < _lots.length; ++i) {
            LotModel storage lot = _lots[i];
            uint256 sold = _sold(lot);
            checkEq(_sale.soldOf(uint64(i + 1)), sold, "A lot sells the coins that buyers paid for");
            checkAtMost(lot.claimed, sold, "Claims never exceed what a lot sold");
            if (lot.recorded == 0)
                checkAtMost(sold, lot.claimed + lot.buyers, "Less than a unit a buyer is left");
            known += (lot.restocked ? sold : lot.coins) - lot.claimed;
        }
        for (uint256 i = 1; i <= CHAMPIONS; ++i) {
            known += _stock[i];
            checkEq(_sale.stockOf(uint32(i)).coins, _stock[i], "Stock is all coins not yet on sale");
            checkEq(_sale.stockOf(uint32(i)).best, _best[i], "The best round is known");
        }
        checkEq(_coin.totalSupply(), _minted, "All coins were minted");
        checkEq(_coin.balanceOf(address(_sale)), known, "The sale has stock, lots, and sold coins unclaimed");
        checkEq(_coin.getVotes(address(_sale)), known, "The sale votes with exactly its own coins");
        for (uint256 i; i < BUYERS; ++i) {
            checkEq(_coin.balanceOf(_buyer(i)), _coins[_buyer(i)], "Buyers have their exact shares");
            known += _coins[_buyer(i)];
        }
        checkEq(known, _minted, "Every minted coin is in stock, on sale, sold and unclaimed, or circulating");
    }

    function checkMoney() external view {
        for (uint256 i; i < 2; ++i) {
            IToken currency = _currencies[i];
            uint256 inVaults;
            for (uint64 id = 1; id <= PROGRAMMES; ++id) {
                ICommons.Vault memory vault = _commons.vaultOf(id, address(currency));
                uint256 received = _received[id][currency];
                checkEq(
                    vault.released,
                    _released[id][currency],
                    "Released money is the payments of milestones"
                );
                checkEq(vault.balance + vault.released, received, "Proceeds are in vaults or released");
                inVaults += vault.balance;
            }
            checkEq(
                currency.balanceOf(address(_commons)),
                inVaults,
                "The Commons holds the money of its vaults"
            );
            checkEq(currency.allowance(address(_sale), address(_commons)), 0, "No allowance stays");
        }
    }

    // Tools

    /// @dev Only handlers advance the time: the runner sets it back between calls.
    modifier warped() {
        VM.warp(_now);
        _;
    }

    /// @dev The formula of the design: amount x lot / max(total, lot x reserve).
    function _share(LotModel storage lot, uint256 amount) internal view returns (uint256) {
        uint256 paid = lot.total * COIN;
        uint256 reserved = lot.coins * lot.reserve;
        return (amount * lot.coins * COIN) / (paid > reserved ? paid : reserved);
    }

    function _sold(LotModel storage lot) internal view returns (uint256) {
        return lot.total == 0 ? 0 : _share(lot, lot.total);
    }

    function _pick(uint256 seed, uint256 place, uint256 options) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, place))) % options;
    }

    /// @dev Mostly one of the newest.
    function _lot(uint256 seed) internal view returns (uint256) {
        uint256 last = _lots.length;
        uint256 back =
            _pick(seed, 0, 3) == 0
                ? last
                : last < CHAMPIONS
                    ? last
                    : CHAMPIONS;
        return last - _pick(seed, 9, back);
    }

    function _champion(uint256 seed) internal pure returns (uint256) {
        return 1 + _pick(seed, 0, CHAMPIONS);
    }

    function _buyer(uint256 index) internal pure returns (address) {
        return address(uint160(0xB0001 + index));
    }

    function _operator(uint256 championId) internal pure returns (address) {
        return address(uint160(0x09E4 + championId));
    }

    function _steward() internal pure returns (address) {
        return address(0x57E3A4D);
    }
}
