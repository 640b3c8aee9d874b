// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Brings every coin into circulation. It sells each champion's coins in lots of one day, at one price for
///         all buyers. Each payment reaches a public-good programme's vault in the same transaction.
/// @dev It never holds money. Every coin here is in stock, in a lot, or sold and not yet claimed, apart from rounding
///      dust. The dust is below one base unit per buyer of a lot and permanently unsold. Unsolicited coins and tokens
///      stay here permanently and change nothing.
interface ICoinSale {
    /// @notice A champion's coins waiting for sale.
    /// @param coins base units in no lot
    /// @param best highest number of base units minted for one round
    struct Stock {
        uint64 coins; // slot 0
        uint64 best;
    }

    /// @notice Coins on sale for one day. Only `total` ever changes.
    /// @param currency ERC-20 token of payment
    /// @param closesAt end of contributions and start of claims, in seconds since 1970
    /// @param championId champion credited with the coins
    /// @param reserve reserve price, in base units of the currency per whole coin
    /// @param total base units of the currency contributed so far
    /// @param coins base units on sale
    /// @param programmeId programme funded by the lot
    struct Lot {
        address currency; // slot 0
        uint48 closesAt;
        uint32 championId;
        uint128 reserve; // slot 1
        uint128 total;
        uint64 coins; // slot 2
        uint64 programmeId;
    }

    error CommonsNotContract(address commons);
    error CallerNotMine(address caller);
    error CurrencyNotContract(address token);
    error CurrencyIsCoin(address token);
    error CurrencyNotAccepted(address token);
    error CurrencyIsStandard(address token);
    error StandardCurrencyUnset();
    error CallerNotSaleOperator(uint32 championId, address caller);
    error StockBelowCoin(uint32 championId, uint256 coins);
    error LotNonexistent(uint64 lotId);
    error LotStillOpen(uint64 lotId, uint256 closesAt);
    error LotOver(uint64 lotId, uint256 closesAt);
    error LotBuyerZero();
    error ContributionTooSmall(uint64 lotId, uint256 amount, uint256 minimum);

    /// @notice A currency's reserve price was set, in base units per whole coin. At 0 it is no longer accepted.
    event CurrencySet(address indexed token, uint128 reserve);
    /// @notice The default currency of lots was set.
    event StandardCurrencySet(address indexed token);
    /// @notice An operator set its champion's preferred currency; zero for the default.
    event CurrencyPreferred(uint32 indexed championId, address indexed token);
    /// @notice Coins mined by a champion in a round were added to its stock.
    event Stocked(uint32 indexed championId, uint32 indexed round, uint64 amount);
    /// @notice Unsold coins of a lot went back to its champion's stock.
    event Restocked(uint32 indexed championId, uint64 indexed lotId, uint64 amount);
    /// @notice A lot went on sale.
    event LotOpened(
        uint64 indexed lotId,
        uint32 indexed championId,
        address indexed currency,
        uint64 programmeId,
        uint64 coins,
        uint128 reserve,
        uint48 closesAt
    );
    /// @notice `payer` paid into a lot for `buyer`. The money is in the programme's vault.
    event Contributed(uint64 indexed lotId, address indexed buyer, address indexed payer, uint128 amount);
    /// @notice A buyer received its coins, in base units.
    event CoinsClaimed(uint64 indexed lotId, address indexed buyer, uint256 coins);

    /// @notice Sets a currency's reserve price for new lots. Lots on sale keep theirs.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - `token` is a contract, or `CurrencyNotContract`
    ///      - `token` is not the coin, or `CurrencyIsCoin`: the coin cannot back itself
    ///      - `reserve` is above 0 for the default currency, or `CurrencyIsStandard`
    ///      NOTE: accept only currencies with a limited supply. Lots and vaults hold less than 2^128 base units: an
    ///      issuer of unlimited tokens can fill a vault and block all lots paying into it.
    /// @param token ERC-20 token
    /// @param reserve base units of `token` per whole coin, or 0 to stop accepting it
    function setCurrency(address token, uint128 reserve) external;

    /// @notice Sets the default currency of lots.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - `token` is accepted, or `CurrencyNotAccepted`
    /// @param token ERC-20 token
    function setStandardCurrency(address token) external;

    /// @notice Sets a champion's preferred currency for new lots. While it is not accepted, they use the default.
    /// @dev - the champion exists, or `ChampionNonexistent`
    ///      - the caller is its operator, or `CallerNotSaleOperator`
    ///      - `token` is accepted or zero, or `CurrencyNotAccepted`
    /// @param championId the champion
    /// @param token ERC-20 token, or zero for the default
    function preferCurrency(uint32 championId, address token) external;

    /// @notice Adds coins to a champion's stock. The mine has just minted them to this contract.
    /// @dev The caller is the mine, or `CallerNotMine`.
    /// @param championId champion credited with the coins
    /// @param round round of their benefit
    /// @param amount base units
    function stock(uint32 championId, uint32 round, uint64 amount) external;

    /// @notice Opens a lot for one day. Anyone may call. It sells a champion's whole stock, but at most twice its best
    ///         round, or one whole coin if that is more. Unsold coins of the last lot return to stock first.
    /// @dev - the champion's last lot is over, or `LotStillOpen`
    ///      - a whole coin is in stock, or `StockBelowCoin`: the minimum contribution buys one
    ///      - a currency is set, or `StandardCurrencyUnset`
    /// @param championId the champion
    /// @return lotId id of the lot, counted from 1 over all champions
    function open(uint32 championId) external returns (uint64 lotId);

    /// @notice Pays into a lot from the caller's allowance, without refund. At the end all buyers have one price: the
    ///         total contributed divided by the coins on sale, or the reserve price if that is higher.
    /// @dev - the lot exists, or `LotNonexistent`
    ///      - it is on sale, or `LotOver`
    ///      - `buyer` is not zero, or `LotBuyerZero`
    ///      - `amount` buys a whole coin at the reserve price, or `ContributionTooSmall`
    ///      - exactly `amount` arrives here and at the Commons, or `TransferAmountMismatch`
    /// @param lotId the lot
    /// @param buyer receiver of the coins
    /// @param amount base units of the lot's currency
    function contribute(uint64 lotId, address buyer, uint128 amount) external;

    /// @notice Transfers a buyer's coins of closed lots. Anyone may call, at any time after the end.
    /// @dev Idempotent: a lot claimed before adds nothing, so a front-run claim does not fail.
    ///      - every lot exists, or `LotNonexistent`
    ///      - every lot is over, or `LotStillOpen`
    /// @param buyer receiver of the coins
    /// @param lotIds the lots
    /// @return coins base units transferred
    function claim(address buyer, uint64[] calldata lotIds) external returns (uint256 coins);

    /// @notice Reserve price of a currency, in base units per whole coin, or 0 if it is not accepted.
    function reserveOf(address token) external view returns (uint128);

    /// @notice The default currency of lots, or zero if none was ever set.
    function standardCurrency() external view returns (address);

    /// @notice The preferred currency of a champion, or zero for the default.
    function preferenceOf(uint32 championId) external view returns (address);

    /// @notice A champion's stock. Unsold coins of its last lot are added at the next `open`.
    function stockOf(uint32 championId) external view returns (Stock memory);

    /// @notice Base units minted so far for a champion's benefit in a round.
    function minedIn(uint32 championId, uint32 round) external view returns (uint64);

    /// @notice Id of a champion's newest lot, or 0 if there is none.
    function lastLotOf(uint32 championId) external view returns (uint64 lotId);

    /// @notice A lot.
    /// @dev The lot exists, or `LotNonexistent`.
    function lotOf(uint64 lotId) external view returns (Lot memory);

    /// @notice Base units sold for the contributions so far: all coins of the lot, or fewer at the reserve price.
    /// @dev The lot exists, or `LotNonexistent`.
    function soldOf(uint64 lotId) external view returns (uint64 coins);

    /// @notice Contributions for a buyer not yet claimed, in base units of the lot's currency.
    function contributionOf(uint64 lotId, address buyer) external view returns (uint128 amount);

    /// @notice Base units claimable by a buyer after the end, for the contributions so far, rounded down.
    /// @dev The lot exists, or `LotNonexistent`.
    function coinsOf(uint64 lotId, address buyer) external view returns (uint256 coins);

    /// @notice Id of the newest lot, also the number of lots.
    function lastLotId() external view returns (uint64);
}
