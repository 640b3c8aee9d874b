// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IChampionRegistry} from "../commons/IChampionRegistry.sol";
import {ICommons} from "../commons/ICommons.sol";
import {ExactTransfer} from "../libraries/ExactTransfer.sol";
import {ICoinSale} from "./ICoinSale.sol";

/// @notice Brings every coin into circulation, in lots at one price for all buyers, paid to public-good programmes.
contract CoinSale is ICoinSale, AccessControl, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /// @notice Duration of a lot, in seconds.
    uint48 public constant LOT_DURATION = 1 days;
    /// @notice Maximum size of a lot, as a multiple of its champion's best round.
    uint256 public constant MAX_ROUNDS = 2;
    /// @notice Base units of a whole coin: the unit of reserve prices and the minimum size of a lot.
    uint256 public constant COIN_UNIT = 1e8;

    /// @notice The coin on sale.
    IERC20 public immutable COIN;
    /// @notice The only source of stock.
    address public immutable MINE;
    /// @notice Registry of the champions and their programmes.
    IChampionRegistry public immutable CHAMPIONS;
    /// @notice Receiver of every payment.
    ICommons public immutable COMMONS;

    address public standardCurrency;
    uint64 public lastLotId;
    mapping(address token => uint128) public reserveOf;
    mapping(uint32 championId => address) public preferenceOf;
    mapping(uint32 championId => uint64) public lastLotOf;
    mapping(uint32 championId => mapping(uint32 round => uint64)) public minedIn;
    mapping(uint32 championId => Stock) private _stocks;
    mapping(uint64 lotId => Lot) private _lots;
    mapping(uint64 lotId => mapping(address buyer => uint128)) public contributionOf;

    /// @dev Deployed by the mine. It delegates to itself, so that the governor can exclude unsold coins.
    /// @param coin the coin on sale
    /// @param champions registry of the champions and their programmes
    /// @param admin first admin; deployment hands the role to the timelock
    constructor(IERC20 coin, IChampionRegistry champions, address admin) {
        COIN = coin;
        MINE = msg.sender;
        CHAMPIONS = champions;
        COMMONS = champions.COMMONS();
        if (address(COMMONS).code.length == 0) revert CommonsNotContract(address(COMMONS));
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
        IVotes(address(coin)).delegate(address(this));
    }

    // Governing currencies

    /// @inheritdoc ICoinSale
    function setCurrency(address token, uint128 reserve) external onlyRole(DEFAULT_ADMIN_ROLE) {
        if (token.code.length == 0) revert CurrencyNotContract(token);
        if (token == address(COIN)) revert CurrencyIsCoin(token);
        if (reserve == 0 && token == standardCurrency) revert CurrencyIsStandard(token);

        reserveOf[token] = reserve;

        emit CurrencySet(token, reserve);
    }

    /// @inheritdoc ICoinSale
    function setStandardCurrency(address token) external onlyRole(DEFAULT_ADMIN_ROLE) {
        if (reserveOf[token] == 0) revert CurrencyNotAccepted(token);

        standardCurrency = token;

        emit StandardCurrencySet(token);
    }

    /// @inheritdoc ICoinSale
    function preferCurrency(uint32 championId, address token) external {
        if (CHAMPIONS.championOf(championId).operator != msg.sender)
            revert CallerNotSaleOperator(championId, msg.sender);
        if (token != address(0) && reserveOf[token] == 0) revert CurrencyNotAccepted(token);

        preferenceOf[championId] = token;

        emit CurrencyPreferred(championId, token);
    }

    // Stocking

    /// @inheritdoc ICoinSale
    function stock(uint32 championId, uint32 round, uint64 amount) external {
        if (msg.sender != MINE) revert CallerNotMine(msg.sender);

        Stock storage self = _stocks[championId];
        uint64 mined = minedIn[championId][round] + amount;
        minedIn[championId][round] = mined;
        self.coins += amount;
        // The maximum over all rounds: the order of minting does not matter.
        if (mined > self.best) self.best = mined;

        emit Stocked(championId, round, amount);
    }

    // Selling

    /// @inheritdoc ICoinSale
    function open(uint32 championId) external returns (uint64 lotId) {
        Stock storage self = _stocks[championId];
        _restock(self, championId);
        uint64 coins = uint64(Math.min(self.coins, Math.max(MAX_ROUNDS * self.best, COIN_UNIT)));
        if (coins < COIN_UNIT) revert StockBelowCoin(championId, coins);
        address currency = _currencyFor(championId);

        lotId = ++lastLotId;
        lastLotOf[championId] = lotId;
        self.coins -= coins;
        Lot storage lot = _lots[lotId];
        (lot.currency, lot.closesAt, lot.championId) = (
            currency,
            uint48(block.timestamp) + LOT_DURATION,
            championId
        );
        (lot.reserve, lot.coins) = (reserveOf[currency], coins);
        lot.programmeId = CHAMPIONS.championOf(championId).programmeId;

        emit LotOpened(lotId, championId, currency, lot.programmeId, coins, lot.reserve, lot.closesAt);
    }

    function _restock(Stock storage self, uint32 championId) private {
        uint64 lotId = lastLotOf[championId];
        if (lotId == 0) return;
        Lot memory lot = _lots[lotId];
        if (block.timestamp < lot.closesAt) revert LotStillOpen(lotId, lot.closesAt);
        uint64 unsold = lot.coins - _sold(lot);
        if (unsold == 0) return;

        self.coins += unsold;

        emit Restocked(championId, lotId, unsold);
    }

    function _currencyFor(uint32 championId) private view returns (address currency) {
        currency = preferenceOf[championId];
        if (reserveOf[currency] != 0) return currency;
        currency = standardCurrency;
        if (currency == address(0)) revert StandardCurrencyUnset();
    }

    /// @inheritdoc ICoinSale
    function contribute(uint64 lotId, address buyer, uint128 amount) external nonReentrant {
        Lot memory lot = lotOf(lotId);
        if (block.timestamp >= lot.closesAt) revert LotOver(lotId, lot.closesAt);
        if (buyer == address(0)) revert LotBuyerZero();
        if (amount < lot.reserve) revert ContributionTooSmall(lotId, amount, lot.reserve);

        _lots[lotId].total = lot.total + amount;
        contributionOf[lotId][buyer] += amount;

        emit Contributed(lotId, buyer, msg.sender, amount);

        _pay(lot, amount);
    }

    function _pay(Lot memory lot, uint128 amount) private {
        ExactTransfer.collect(lot.currency, msg.sender, amount);
        IERC20(lot.currency).forceApprove(address(COMMONS), amount);
        COMMONS.deposit(lot.programmeId, lot.currency, amount);
    }

    // Claiming

    /// @inheritdoc ICoinSale
    function claim(address buyer, uint64[] calldata lotIds) external returns (uint256 coins) {
        for (uint256 i; i < lotIds.length; ++i) coins += _claim(buyer, lotIds[i]);
        if (coins != 0) COIN.safeTransfer(buyer, coins);
    }

    function _claim(address buyer, uint64 lotId) private returns (uint256 coins) {
        Lot memory lot = lotOf(lotId);
        if (block.timestamp < lot.closesAt) revert LotStillOpen(lotId, lot.closesAt);
        uint128 amount = contributionOf[lotId][buyer];
        if (amount == 0) return 0;
        coins = _coinsFor(lot, amount);

        delete contributionOf[lotId][buyer];

        emit CoinsClaimed(lotId, buyer, coins);
    }

    /// @dev amount x coins / max(total, coins x reserve / COIN_UNIT), rounded down once: the inner quotient is exact.
    function _coinsFor(Lot memory lot, uint256 amount) private pure returns (uint256) {
        return _isSoldOut(lot) ? (amount * lot.coins) / lot.total : (amount * COIN_UNIT) / lot.reserve;
    }

    function _isSoldOut(Lot memory lot) private pure returns (bool) {
        return lot.total * COIN_UNIT >= uint256(lot.coins) * lot.reserve;
    }

    /// @dev Claims never exceed this: each buyer's share of it is rounded down.
    function _sold(Lot memory lot) private pure returns (uint64) {
        return _isSoldOut(lot) ? lot.coins : uint64((lot.total * COIN_UNIT) / lot.reserve);
    }

    // Reading

    /// @inheritdoc ICoinSale
    function stockOf(uint32 championId) external view returns (Stock memory) {
        return _stocks[championId];
    }

    /// @inheritdoc ICoinSale
    function lotOf(uint64 lotId) public view returns (Lot memory lot) {
        lot = _lots[lotId];
        if (lot.closesAt == 0) revert LotNonexistent(lotId);
    }

    /// @inheritdoc ICoinSale
    function soldOf(uint64 lotId) external view returns (uint64 coins) {
        return _sold(lotOf(lotId));
    }

    /// @inheritdoc ICoinSale
    function coinsOf(uint64 lotId, address buyer) external view returns (uint256 coins) {
        return _coinsFor(lotOf(lotId), contributionOf[lotId][buyer]);
    }
}
