// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";

import {IChampionRegistry} from "./IChampionRegistry.sol";
import {ICommons} from "./ICommons.sol";

/// @notice Registry of champions, the only miners: national, locally owned operators of free AI.
contract ChampionRegistry is IChampionRegistry, AccessControl {
    /// @notice Role for `setProgramme`: the timelock's, until citizens vote on programmes. Granted by the admin role.
    bytes32 public constant PROGRAMME_ROLE = keccak256("PROGRAMME_ROLE");
    uint16 internal constant MAX_COUNTRY = 999;

    ICommons public immutable COMMONS;

    uint32 public lastChampionId;
    mapping(uint16 country => uint32) public championByCountry;
    mapping(uint32 championId => mapping(uint16 sector => bool)) public isInSector;
    mapping(uint32 championId => Champion) private _champions;

    /// @param commons the Commons with all programmes
    /// @param admin first admin; deployment hands the role to the timelock
    constructor(ICommons commons, address admin) {
        COMMONS = commons;
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
    }

    // Admitting

    /// @inheritdoc IChampionRegistry
    function admit(
        Admission calldata admission
    ) external onlyRole(DEFAULT_ADMIN_ROLE) returns (uint32 championId) {
        uint16 country = admission.country;
        if (country == 0 || country > MAX_COUNTRY) revert ChampionCountryInvalid(country);
        uint32 current = championByCountry[country];
        if (current != 0) revert ChampionCountryTaken(country, current);
        _checkAccounts(admission.operator, admission.registrar);

        championId = ++lastChampionId;
        championByCountry[country] = championId;
        Champion storage champion = _champions[championId];
        champion.country = country;
        champion.population = admission.population;
        champion.operator = admission.operator;
        champion.registrar = admission.registrar;

        emit ChampionAdmitted(
            championId,
            country,
            admission.operator,
            admission.registrar,
            admission.population
        );
        _setProgramme(championId, champion, admission.programmeId);
        uint16[] calldata sectors = admission.sectors;
        for (uint256 i; i < sectors.length; ++i) _setSector(championId, sectors[i], true);
    }

    function _checkAccounts(address operator, address registrar) private pure {
        if (operator == address(0) || registrar == address(0)) revert ChampionAccountZero();
        if (operator == registrar) revert ChampionRegistrarIsOperator(operator);
    }

    function _setProgramme(uint32 championId, Champion storage champion, uint64 programmeId) private {
        COMMONS.programmeOf(programmeId);

        champion.programmeId = programmeId;

        emit ChampionProgrammeSet(championId, programmeId);
    }

    function _setSector(uint32 championId, uint16 sector, bool admitted) private {
        isInSector[championId][sector] = admitted;
        emit ChampionSectorSet(championId, sector, admitted);
    }

    // Operating

    /// @inheritdoc IChampionRegistry
    function proposeOperator(uint32 championId, address pendingOperator) external {
        Champion storage champion = _existing(championId);
        if (champion.operator != msg.sender) revert CallerNotChampionOperator(championId, msg.sender);

        champion.pendingOperator = pendingOperator;

        emit ChampionOperatorProposed(championId, pendingOperator);
    }

    /// @inheritdoc IChampionRegistry
    function acceptOperator(uint32 championId) external {
        Champion storage champion = _existing(championId);
        if (champion.pendingOperator != msg.sender) revert CallerNotPendingOperator(championId, msg.sender);
        _setOperator(championId, champion, msg.sender);
    }

    function _setOperator(uint32 championId, Champion storage champion, address operator) private {
        _checkAccounts(operator, champion.registrar);

        champion.operator = operator;
        champion.pendingOperator = address(0);

        emit ChampionOperatorSet(championId, operator);
    }

    /// @inheritdoc IChampionRegistry
    function replaceOperator(uint32 championId, address operator) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _setOperator(championId, _existing(championId), operator);
    }

    /// @inheritdoc IChampionRegistry
    function setRegistrar(uint32 championId, address registrar) external onlyRole(DEFAULT_ADMIN_ROLE) {
        Champion storage champion = _existing(championId);
        _checkAccounts(champion.operator, registrar);

        champion.registrar = registrar;

        emit ChampionRegistrarSet(championId, registrar);
    }

    // Governing rewards

    /// @inheritdoc IChampionRegistry
    function setSector(
        uint32 championId,
        uint16 sector,
        bool admitted
    ) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _active(championId);
        _setSector(championId, sector, admitted);
    }

    /// @inheritdoc IChampionRegistry
    function setPopulation(uint32 championId, uint64 population) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _active(championId).population = population;
        emit ChampionPopulationSet(championId, population);
    }

    /// @inheritdoc IChampionRegistry
    function restrict(uint32 championId) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _setRestricted(championId, true);
    }

    function _setRestricted(uint32 championId, bool restricted) private {
        _active(championId).restricted = restricted;
        emit ChampionRestrictionSet(championId, restricted);
    }

    /// @inheritdoc IChampionRegistry
    function liftRestriction(uint32 championId) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _setRestricted(championId, false);
    }

    /// @inheritdoc IChampionRegistry
    function retire(uint32 championId) external onlyRole(DEFAULT_ADMIN_ROLE) {
        Champion storage champion = _active(championId);
        uint16 country = champion.country;

        champion.retired = true;
        championByCountry[country] = 0;

        emit ChampionRetired(championId, country);
    }

    function _active(uint32 championId) private view returns (Champion storage champion) {
        champion = _existing(championId);
        if (champion.retired) revert ChampionAlreadyRetired(championId);
    }

    function _existing(uint32 championId) private view returns (Champion storage champion) {
        champion = _champions[championId];
        if (champion.operator == address(0)) revert ChampionNonexistent(championId);
    }

    // Choosing programmes

    /// @inheritdoc IChampionRegistry
    function setProgramme(uint32 championId, uint64 programmeId) external onlyRole(PROGRAMME_ROLE) {
        _setProgramme(championId, _existing(championId), programmeId);
    }

    // Reading

    /// @inheritdoc IChampionRegistry
    function championOf(uint32 championId) external view returns (Champion memory) {
        return _existing(championId);
    }

    /// @inheritdoc IChampionRegistry
    function isRewarded(uint32 championId, uint16 sector) external view returns (bool) {
        Champion storage champion = _champions[championId];
        return isInSector[championId][sector] && !champion.restricted && !champion.retired;
    }
}
