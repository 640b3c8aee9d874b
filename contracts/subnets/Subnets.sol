// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {IChampionRegistry} from "../commons/IChampionRegistry.sol";
import {ISubnetHub} from "./ISubnetHub.sol";
import {ISubnets} from "./ISubnets.sol";
import {readClock, readEpochEnd, readLiveClock, readTempo, SubnetState} from "./SubnetState.sol";

/// @notice The part of the subnet hub about subnets: creation, parameters, clock and end.
abstract contract Subnets is ISubnetHub, AccessControl {
    using SafeERC20 for IERC20;

    /// @notice Largest table of validators.
    uint256 public constant MAX_VALIDATORS = 48;
    /// @notice Largest table of miners.
    uint256 public constant MAX_MINERS = 256;
    /// @notice Largest product of both tables' sizes.
    /// @dev An epoch of any shape needs less than 15,000,000 gas with cold storage: 13.9 million at most as measured by
    ///      `SubnetHub.gas.deep.test.ts`.
    uint256 public constant MAX_CELLS = 3_072;
    uint256 private constant _MIN_TEMPO = 1 hours;
    uint256 private constant _MAX_TEMPO = 28 days;
    uint256 private constant _MAX_IMMUNITY = 100;
    uint256 private constant _ONE = 1 << 32;

    IERC20 public immutable COIN;
    IChampionRegistry public immutable CHAMPIONS;

    uint32 public lastSubnetId; // slot 0 after the roles
    uint32 public openSubnets;
    uint32 public maxSubnets = 64;
    uint64 public subnetBond = 1_000e8;
    SubnetParams private _defaultParams = SubnetParams({
        kappa: uint64(_ONE / 2),
        alpha: uint64(_ONE / 10),
        beta: uint64(_ONE),
        minValidatorStake: 1_000e8,
        minTotalStake: 10_000e8,
        registrationFee: 1e8,
        tempo: 7 days,
        immunity: 4,
        maxValidators: 16,
        maxMiners: 64
    });
    mapping(uint32 subnetId => SubnetState) internal _states;
    mapping(uint16 sector => uint32 subnetId) public sovereignOf;

    constructor(IERC20 coin, IChampionRegistry champions) {
        if (address(coin).code.length == 0) revert HubCoinNotContract(address(coin));
        if (address(champions).code.length == 0) revert HubChampionsNotContract(address(champions));
        (COIN, CHAMPIONS) = (coin, champions);

        emit DefaultParamsSet(_defaultParams);
        emit MaxSubnetsSet(maxSubnets);
        emit SubnetBondSet(subnetBond);
    }

    // Creating

    /// @inheritdoc ISubnets
    function create(
        uint32 parentId,
        bytes32 metadataHash,
        string calldata uri
    ) external returns (uint32 subnetId) {
        if (openSubnets >= maxSubnets) revert SubnetsExceedMaximum(maxSubnets);
        SubnetParams memory params = parentId == 0 ? _defaultParams : paramsOf(parentId);
        uint64 bond = subnetBond;

        ++openSubnets;
        subnetId = _create(SubnetKind.Open, 0, parentId, bond, params, metadataHash, uri);

        COIN.safeTransferFrom(msg.sender, address(this), bond);
    }

    function _create(
        SubnetKind kind,
        uint16 sector,
        uint32 parentId,
        uint64 bond,
        SubnetParams memory params,
        bytes32 metadataHash,
        string calldata uri
    ) private returns (uint32 subnetId) {
        subnetId = ++lastSubnetId;
        Subnet storage subnet = _states[subnetId].subnet;
        (subnet.creator, subnet.start, subnet.kind) = (msg.sender, uint40(block.timestamp), kind);
        (subnet.sector, subnet.parentId, subnet.bond) = (sector, parentId, bond);
        _states[subnetId].params = params;

        emit SubnetCreated(subnetId, msg.sender, kind, sector, parentId, bond, params, metadataHash, uri);
    }

    /// @inheritdoc ISubnets
    function createSovereign(
        uint16 sector,
        SubnetParams calldata params,
        bytes32 metadataHash,
        string calldata uri
    ) external onlyRole(DEFAULT_ADMIN_ROLE) returns (uint32 subnetId) {
        uint32 present = sovereignOf[sector];
        if (present != 0) revert SectorHasSubnet(sector, present);
        _checkParams(params);

        subnetId = _create(SubnetKind.Sovereign, sector, 0, 0, params, metadataHash, uri);
        sovereignOf[sector] = subnetId;
    }

    function _checkParams(SubnetParams calldata params) private pure {
        if (params.tempo < _MIN_TEMPO || params.tempo > _MAX_TEMPO)
            revert SubnetTempoOutOfRange(params.tempo);
        (uint16 validators, uint16 miners) = (params.maxValidators, params.maxMiners);
        uint256 cells = uint256(validators) * miners;
        if (cells == 0 || validators > MAX_VALIDATORS || miners > MAX_MINERS || cells > MAX_CELLS)
            revert SubnetTablesOutOfRange(validators, miners);
        if (params.immunity == 0 || params.immunity > _MAX_IMMUNITY)
            revert SubnetImmunityOutOfRange(params.immunity);
        (uint64 kappa, uint64 alpha, uint64 beta) = (params.kappa, params.alpha, params.beta);
        if (kappa == 0 || kappa > _ONE || alpha > _ONE || beta > _ONE)
            revert SubnetFractionsOutOfRange(kappa, alpha, beta);
        if (params.minValidatorStake == 0) revert SubnetMinimumStakeZero();
    }

    // Retiring

    /// @inheritdoc ISubnets
    function retire(uint32 subnetId) external {
        (uint32 epoch, , ) = clockOf(subnetId);
        Subnet storage subnet = _states[subnetId].subnet;
        _checkCreator(subnetId, subnet);
        if (subnet.retiredFrom != 0) revert SubnetIsRetired(subnetId, subnet.retiredFrom);
        _checkRun(subnetId, epoch);
        uint64 bond = subnet.bond;

        (subnet.retiredFrom, subnet.bond) = (epoch + 1, 0);
        if (subnet.kind == SubnetKind.Sovereign) delete sovereignOf[subnet.sector];
        else --openSubnets;

        emit SubnetRetired(subnetId, epoch + 1, bond);

        COIN.safeTransfer(subnet.creator, bond);
    }

    function _checkCreator(uint32 subnetId, Subnet storage subnet) private view {
        if (subnet.kind == SubnetKind.Sovereign) _checkRole(DEFAULT_ADMIN_ROLE);
        else if (subnet.creator != msg.sender) revert CallerNotSubnetCreator(subnetId, msg.sender);
    }

    // Governing

    /// @inheritdoc ISubnets
    function setDefaultParams(SubnetParams calldata params) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _checkParams(params);
        _defaultParams = params;
        emit DefaultParamsSet(params);
    }

    /// @inheritdoc ISubnets
    function setMaxSubnets(uint32 maximum) external onlyRole(DEFAULT_ADMIN_ROLE) {
        maxSubnets = maximum;
        emit MaxSubnetsSet(maximum);
    }

    /// @inheritdoc ISubnets
    function setSubnetBond(uint64 bond) external onlyRole(DEFAULT_ADMIN_ROLE) {
        subnetBond = bond;
        emit SubnetBondSet(bond);
    }

    // For the other parts

    /// @dev The epoch of a live subnet in this phase.
    function _checkPhase(uint32 subnetId, Phase expected) internal view returns (uint32 epoch) {
        Phase phase;
        (epoch, phase) = readLiveClock(_states[subnetId], subnetId);
        if (phase != expected) revert SubnetPhaseMismatch(subnetId, expected, phase);
    }

    /// @dev Before any change of what an epoch is computed from.
    function _checkRun(uint32 subnetId, uint32 epoch) internal view {
        uint32 pending = _states[subnetId].subnet.pendingEpoch;
        if (pending != 0 && pending < epoch) revert EpochPending(subnetId, pending);
    }

    /// @dev Stores a commitment of the caller.
    function _commit(mapping(address account => bytes32) storage commitments, bytes32 hash) internal {
        if (hash == 0) revert CommitmentZero();
        commitments[msg.sender] = hash;
    }

    // Reading

    /// @inheritdoc ISubnets
    function clockOf(uint32 subnetId) public view returns (uint32 epoch, Phase phase, uint256 endsAt) {
        return readClock(_states[subnetId], subnetId);
    }

    /// @inheritdoc ISubnets
    function epochEndOf(uint32 subnetId, uint32 epoch) public view returns (uint256) {
        return readEpochEnd(_states[subnetId], subnetId, epoch);
    }

    /// @inheritdoc ISubnets
    function subnetOf(uint32 subnetId) external view returns (Subnet memory) {
        readTempo(_states[subnetId], subnetId);
        return _states[subnetId].subnet;
    }

    /// @inheritdoc ISubnets
    function paramsOf(uint32 subnetId) public view returns (SubnetParams memory) {
        readTempo(_states[subnetId], subnetId);
        return _states[subnetId].params;
    }

    /// @inheritdoc ISubnets
    function defaultParams() external view returns (SubnetParams memory) {
        return _defaultParams;
    }
}
