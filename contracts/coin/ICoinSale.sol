// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice How every coin comes into circulation: a champion's coins are sold in lots, one a day, each at one price for all,
///         and each payment is in a public-good programme's vault in the same transaction.
/// @dev It never holds money. Of its coins each is in stock, in a lot, or sold and not claimed yet, but for what rounding
///      leaves: less than a base unit for each buyer of a lot, for ever unsold. Tokens that come unasked, coins or others,
///      stay here for ever and change nothing.
interface ICoinSale {
    /// @notice What waits to be sold for a champion.
    /// @param coins base units in no lot yet
    /// @param best most base units that were minted for the champion of one round
    struct Stock {
        uint64 coins; // slot 0
        uint64 best;
    }

    /// @notice Coins on sale for a day. Only `total` ever changes.
    /// @param currency ERC-20 token to be paid in
    /// @param closesAt seconds since 1970; from then on nobody contributes and everybody claims
    /// @param championId whose coins
    /// @param reserve least price, base units of the currency a whole coin
    /// @param total base units of the currency that were contributed
    /// @param coins base units on sale
    /// @param programmeId what is paid for
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

    /// @notice A currency has another least price, base units a whole coin; with 0 it is accepted no more.
    event CurrencySet(address indexed token, uint128 reserve);
    /// @notice Lots whose champion prefers no accepted currency are sold for this one.
    event StandardCurrencySet(address indexed token);
    /// @notice An operator wants its champion's lots sold for a currency; zero for the standard one.
    event CurrencyPreferred(uint32 indexed championId, address indexed token);
    /// @notice Coins of a champion, mined in a round, wait to be sold.
    event Stocked(uint32 indexed championId, uint32 indexed round, uint64 amount);
    /// @notice What a lot did not sell waits to be sold again.
    event Restocked(uint32 indexed championId, uint64 indexed lotId, uint64 amount);
    /// @notice A lot is on sale.
    event LotOpened(
        uint64 indexed lotId,
        uint32 indexed championId,
        address indexed currency,
        uint64 programmeId,
        uint64 coins,
        uint128 reserve,
        uint48 closesAt
    );
    /// @notice Somebody paid for a buyer's part of a lot; it is in the programme's vault.
    event Contributed(uint64 indexed lotId, address indexed buyer, address indexed payer, uint128 amount);
    /// @notice A buyer has its coins, base units.
    event CoinsClaimed(uint64 indexed lotId, address indexed buyer, uint256 coins);

    /// @notice Says what a currency's least price is, for lots from now on. Lots on sale keep theirs.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - `token` is a contract, or `CurrencyNotContract`; not the coin, or `CurrencyIsCoin`: nothing backs itself
    ///      - the standard currency keeps a price, or `CurrencyIsStandard`
    ///      NOTE: accept only currencies whose supply is limited: lots and vaults hold 2^128 base units, and who can make as
    ///      many for nothing fills a vault and so stops all lots that pay into it.
    /// @param token ERC-20 token
    /// @param reserve base units of it a whole coin; 0 if it is accepted no more
    function setCurrency(address token, uint128 reserve) external;

    /// @notice Says which currency lots are sold for whose champion prefers none.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - it is accepted, or `CurrencyNotAccepted`
    /// @param token ERC-20 token
    function setStandardCurrency(address token) external;

    /// @notice Says which currency a champion's lots shall be sold for, from the next one on and while it is accepted.
    /// @dev - the champion exists, or `ChampionNonexistent`; the caller is its operator, or `CallerNotSaleOperator`
    ///      - it is accepted, or `CurrencyNotAccepted`; zero goes back to the standard one
    /// @param championId whose lots
    /// @param token ERC-20 token, or zero
    function preferCurrency(uint32 championId, address token) external;

    /// @notice Takes note of coins that the mine just minted to this contract.
    /// @dev The caller is the mine, or `CallerNotMine`.
    /// @param championId who earned them
    /// @param round when
    /// @param amount base units
    function stock(uint32 championId, uint32 round, uint64 amount) external;

    /// @notice Puts a champion's coins on sale for a day: all that wait, but at most twice what its best round earned,
    ///         or a whole coin if that is more. What its last lot did not sell is among them. Anyone may.
    /// @dev - its last lot is over, or `LotStillOpen`
    ///      - a whole coin waits, or `StockBelowCoin`: the least contribution pays for one
    ///      - there is a currency, or `StandardCurrencyUnset`
    /// @param championId whose coins
    /// @return lotId counts from 1, over all champions
    function open(uint32 championId) external returns (uint64 lotId);

    /// @notice Pays for a part of a lot, from the caller's allowance; nothing ever comes back. The price is known when the lot
    ///         is over, the same for all: what was contributed in all, or the reserve if that is more.
    /// @dev - the lot exists, or `LotNonexistent`; it is on sale, or `LotOver`
    ///      - `buyer` is not zero, or `LotBuyerZero`
    ///      - `amount` buys a whole coin at the reserve, or `ContributionTooSmall`
    ///      - exactly `amount` arrives, or `TransferAmountMismatch`, at the sale and at the Commons
    /// @param lotId the lot
    /// @param buyer who gets the coins
    /// @param amount base units of the lot's currency
    function contribute(uint64 lotId, address buyer, uint128 amount) external;

    /// @notice Gives a buyer the coins that it bought; anyone may, at any time after the lots are over. What was claimed
    ///         before adds nothing, so that nobody makes a claim fail by being first.
    /// @dev Each lot exists, or `LotNonexistent`; it is over, or `LotStillOpen`.
    /// @param buyer who bought
    /// @param lotIds of which lots
    /// @return coins base units in all
    function claim(address buyer, uint64[] calldata lotIds) external returns (uint256 coins);

    /// @notice Least price of a currency, base units a whole coin, or 0 if it is not accepted.
    function reserveOf(address token) external view returns (uint128);

    /// @notice The currency of lots whose champion prefers no accepted one, or zero if none was ever set.
    function standardCurrency() external view returns (address);

    /// @notice The currency that a champion's operator wants, or zero.
    function preferenceOf(uint32 championId) external view returns (address);

    /// @notice What waits to be sold for a champion, without what its last lot may not have sold.
    function stockOf(uint32 championId) external view returns (Stock memory);

    /// @notice Base units that were minted for a champion of one round so far.
    function minedIn(uint32 championId, uint32 round) external view returns (uint64);

    /// @notice A champion's newest lot, or 0.
    function lastLotOf(uint32 championId) external view returns (uint64 lotId);

    /// @notice A lot; `LotNonexistent` if there is none.
    function lotOf(uint64 lotId) external view returns (Lot memory);

    /// @notice Base units that a lot sells for what was contributed so far: all, or as many as that buys at the reserve.
    function soldOf(uint64 lotId) external view returns (uint64 coins);

    /// @notice What was contributed for a buyer and not claimed yet, base units of the lot's currency.
    function contributionOf(uint64 lotId, address buyer) external view returns (uint128 amount);

    /// @notice Base units that a buyer can claim once the lot is over, for what was contributed so far, rounded down.
    function coinsOf(uint64 lotId, address buyer) external view returns (uint256 coins);

    /// @notice The newest lot's id, which is also how many there were.
    function lastLotId() external view returns (uint64);
}
