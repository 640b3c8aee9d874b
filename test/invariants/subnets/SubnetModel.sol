// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISubnetHub} from "../../../contracts/subnets/ISubnetHub.sol";
import {ISubnets} from "../../../contracts/subnets/ISubnets.sol";
import {ISubnetSeats} from "../../../contracts/subnets/ISubnetSeats.sol";
import {TestChampions} from "../../mocks/Champions.sol";
import {Handler} from "../../utils/Handler.sol";
import {ICoin, IToken} from "../../utils/Contracts.sol";

/// @notice The subnet hub with an open and a sovereign subnet, and a model of its stakes, epochs and money.
abstract contract SubnetModel is Handler {
    /// @dev An account's stake in a subnet.
    /// @param epoch epoch of the newest change
    /// @param atStart stake at the start of that epoch
    /// @param left coins unstaked in that epoch
    struct StakeModel {
        uint256 staked;
        uint256 unstaking;
        uint256 readyAt;
        uint256 epoch;
        uint256 atStart;
        uint256 left;
    }

    /// @dev Weights of a validator, and the epoch of their commitment and of their reveal.
    struct WeightsModel {
        bytes row;
        uint32 committedAt;
        bytes revealed;
        uint32 revealedAt;
    }

    struct PotModel {
        uint256 total;
        uint256 sponsored;
        uint256 paid;
        bool isKnown;
    }

    struct PotKey {
        uint32 subnetId;
        uint32 epoch;
        IToken token;
    }

    struct EpochKey {
        uint32 subnetId;
        uint32 epoch;
    }

    uint256 internal constant PEOPLE = 6;
    uint160 private constant FIRST_PERSON = 0xBE01;
    uint32 internal constant MOST_OPEN = 3;
    uint256 internal constant COIN = 1e8;
    uint64 internal constant BOND = 1_000e8;
    uint64 internal constant MINIMUM = 100e8;
    uint64 internal constant MINIMUM_TURNOUT = 3 * MINIMUM;
    uint64 internal constant FEE = 5e8;
    uint16 internal constant VALIDATORS = 3;
    uint16 internal constant MINERS = 4;
    uint16 internal constant SECTOR = 7;
    uint256 internal constant ONE = 1 << 32;

    ISubnetHub internal immutable _HUB;
    ICoin internal immutable _COIN;
    IToken internal immutable _TOKEN;

    uint256 internal _now = 1_700_000_000;
    address[] internal _people;
    mapping(address person => mapping(uint32 subnetId => StakeModel)) internal _stakes;
    mapping(address person => uint256) internal _held;
    mapping(address person => address) internal _delegatee;
    mapping(address holder => uint256) internal _heldGifts;
    mapping(address person => mapping(uint32 subnetId => WeightsModel)) internal _weights;
    mapping(uint32 subnetId => uint32) internal _pending;
    mapping(uint32 subnetId => uint32) internal _retiredFrom;
    mapping(uint32 subnetId => uint256) internal _bonds;
    mapping(uint32 subnetId => mapping(uint32 epoch => bool)) internal _isPaid;
    mapping(uint32 subnetId => mapping(IToken token => mapping(uint32 epoch => PotModel))) internal _pots;
    mapping(IToken token => uint256) internal _inPots;
    mapping(IToken token => uint256) internal _gifts;
    uint256 internal _allBonds;
    uint256 private _calls;
    uint256 private _outcomes;
    PotKey[] internal _potKeys;
    EpochKey[] internal _runs;

    /// @dev Only handlers advance the time: the runner sets it back between calls.
    modifier warped() {
        ++_calls;
        VM.warp(_now);
        _;
    }

    constructor() {
        VM.warp(_now);
        _COIN = ICoin(deploy("contracts/coin/FoundationCoin.sol:FoundationCoin", abi.encode(address(this))));
        _TOKEN = IToken(deploy("test/mocks/Tokens.sol:PlainToken", abi.encode(18)));
        TestChampions champions = TestChampions(deploy("test/mocks/Champions.sol:TestChampions", ""));
        // The runner links the hub with its libraries.
        _HUB = ISubnetHub(
            deploy("contracts/subnets/SubnetHub.sol:SubnetHub", abi.encode(_COIN, champions, address(this)))
        );
        for (uint32 i; i < PEOPLE; ++i) _addPerson(champions, address(uint160(FIRST_PERSON + i)));
        ISubnets.SubnetParams memory params = ISubnets.SubnetParams({
            kappa: uint64(ONE / 2),
            alpha: uint64(ONE / 10),
            beta: uint64(ONE),
            minValidatorStake: MINIMUM,
            minTotalStake: MINIMUM_TURNOUT,
            registrationFee: FEE,
            tempo: 1 hours,
            immunity: 2,
            maxValidators: VALIDATORS,
            maxMiners: MINERS
        });
        _HUB.setDefaultParams(params);
        _create(_people[0], 0);
        _createSovereign();
    }

    function _addPerson(TestChampions champions, address person) private {
        _people.push(person);
        _COIN.mint(person, 100_000 * COIN);
        VM.prank(person);
        _COIN.approve(address(_HUB), type(uint256).max);
        VM.prank(person);
        _TOKEN.approve(address(_HUB), type(uint256).max);
        champions.setOperator(_championOf(person), person);
        champions.setRewarded(_championOf(person), SECTOR, true);
    }

    function _create(address creator, uint32 parentId) internal {
        VM.prank(creator);
        uint32 id = _HUB.create(parentId, 0, "");
        _bonds[id] = BOND;
        _allBonds += BOND;
    }

    function _createSovereign() internal {
        _HUB.createSovereign(SECTOR, _HUB.defaultParams(), 0, "");
    }

    /// @dev The champion that a person operates.
    function _championOf(address person) internal pure returns (uint32) {
        return uint32(uint160(person) - FIRST_PERSON + 1);
    }

    function _did(string memory outcome) internal override {
        super._did(outcome);
        ++_outcomes;
    }

    /// @notice Fails if most calls did nothing.
    function checkActivity() external view {
        checkAtMost(_calls / 4, _outcomes, "A quarter of all calls do something");
    }

    // Stakes

    /// @dev Coins of an epoch do not count in it. Coins unstaked in it are taken from those that count, first.
    function _countedIn(address person, uint32 subnetId, uint32 epoch) internal view returns (uint256) {
        StakeModel storage self = _stakes[person][subnetId];
        if (self.epoch != epoch) return self.staked;
        return self.atStart > self.left ? self.atStart - self.left : 0;
    }

    function _stakeNow(address person, uint32 subnetId) internal returns (StakeModel storage self) {
        self = _stakes[person][subnetId];
        uint32 epoch = _epoch(subnetId);
        if (self.epoch == epoch) return self;
        (self.epoch, self.atStart, self.left) = (epoch, self.staked, 0);
    }

    // Money

    function _pot(uint32 subnetId, IToken token, uint32 epoch) internal returns (PotModel storage pot) {
        pot = _pots[subnetId][token][epoch];
        if (pot.isKnown) return pot;
        pot.isKnown = true;
        _potKeys.push(PotKey(subnetId, epoch, token));
    }

    /// @dev Whether an epoch pays nobody, now or ever.
    function _isDead(uint32 subnetId, uint32 epoch) internal view returns (bool) {
        uint32 retiredFrom = _retiredFrom[subnetId];
        if (retiredFrom != 0 && epoch >= retiredFrom) return true;
        return epoch < _epoch(subnetId) && epoch != _pending[subnetId] && !_isPaid[subnetId][epoch];
    }

    // Choosing

    function _pick(uint256 seed, uint256 number, uint256 below) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, number))) % below;
    }

    function _person(uint256 seed) internal view returns (address) {
        return _people[seed % PEOPLE];
    }

    /// @dev Mostly the first, which is never retired. Sometimes the sovereign one, or any.
    function _subnet(uint256 seed) internal view returns (uint32) {
        uint256 dice = (seed >> 16) % 8;
        if (dice < 5) return 1;
        return dice == 5 ? _HUB.sovereignOf(SECTOR) : _anySubnet(seed);
    }

    function _anySubnet(uint256 seed) internal view returns (uint32) {
        return uint32(1 + ((seed >> 19) % _HUB.lastSubnetId()));
    }

    function _token(uint256 seed) internal view returns (IToken) {
        return (seed >> 24) & 1 == 0 ? IToken(address(_COIN)) : _TOKEN;
    }

    function _isCoin(IToken token) internal view returns (bool) {
        return address(token) == address(_COIN);
    }

    function _epoch(uint32 subnetId) internal view returns (uint32 epoch) {
        (epoch, , ) = _HUB.clockOf(subnetId);
    }

    function _phase(uint32 subnetId) internal view returns (ISubnets.Phase phase) {
        (, phase, ) = _HUB.clockOf(subnetId);
    }

    function _isRetired(uint32 subnetId) internal view returns (bool) {
        uint32 retiredFrom = _retiredFrom[subnetId];
        return retiredFrom != 0 && _epoch(subnetId) >= retiredFrom;
    }

    /// @dev Whether an earlier epoch waits to be run.
    function _isWaiting(uint32 subnetId) internal view returns (bool) {
        return _pending[subnetId] != 0 && _pending[subnetId] < _epoch(subnetId);
    }

    /// @dev The validator's slot, counted from 1, or 0.
    function _validatorNumber(uint32 subnetId, address person) internal view returns (uint256) {
        ISubnetSeats.Validator[] memory validators = _HUB.validatorsOf(subnetId);
        for (uint256 i; i < validators.length; ++i) if (validators[i].account == person) return i + 1;
        return 0;
    }

    /// @dev The miner's slot, counted from 1, or 0.
    function _minerNumber(uint32 subnetId, address person) internal view returns (uint256) {
        ISubnetSeats.Miner[] memory miners = _HUB.minersOf(subnetId);
        for (uint256 j; j < miners.length; ++j) if (miners[j].account == person) return j + 1;
        return 0;
    }
}
