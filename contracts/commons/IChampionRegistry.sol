// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICommons} from "./ICommons.sol";

/// @notice Registry of champions, the only miners: national, locally owned operators of free AI.
/// @dev Governance admits them. Restriction and retirement stop rewards only: earlier earnings stay the champion's.
interface IChampionRegistry {
    /// @notice A champion.
    /// @param country ISO 3166-1 numeric code
    /// @param population maximum number of citizens counted for rewards
    /// @param restricted whether it restricts access, and so earns no rewards for now
    /// @param retired whether its rewards have ended permanently
    /// @param operator runs the champion
    /// @param registrar enrolls its citizens; never the operator
    /// @param programmeId programme funded by its lots
    /// @param pendingOperator may accept the operator's role, or zero
    struct Champion {
        uint16 country; // slot 0
        uint64 population;
        bool restricted;
        bool retired;
        address operator;
        address registrar; // slot 1
        uint64 programmeId;
        address pendingOperator; // slot 2
    }

    /// @notice Parameters of a new champion.
    /// @param country ISO 3166-1 numeric code, 1 to 999
    /// @param population maximum number of citizens counted for rewards
    /// @param operator runs the champion
    /// @param registrar enrolls its citizens
    /// @param programmeId programme funded by its lots, until its citizens choose another
    /// @param sectors numbers of its sectors
    struct Admission {
        uint16 country;
        uint64 population;
        address operator;
        address registrar;
        uint64 programmeId;
        uint16[] sectors;
    }

    error ChampionCountryInvalid(uint16 country);
    error ChampionCountryTaken(uint16 country, uint32 championId);
    error ChampionAccountZero();
    error ChampionRegistrarIsOperator(address account);
    error ChampionNonexistent(uint32 championId);
    error ChampionAlreadyRetired(uint32 championId);
    error CallerNotChampionOperator(uint32 championId, address caller);
    error CallerNotPendingOperator(uint32 championId, address caller);

    /// @notice A champion was admitted. One event for its programme and one per sector follow.
    event ChampionAdmitted(
        uint32 indexed championId,
        uint16 indexed country,
        address indexed operator,
        address registrar,
        uint64 population
    );
    /// @notice The operator proposed a successor, or zero to withdraw the proposal.
    event ChampionOperatorProposed(uint32 indexed championId, address indexed pendingOperator);
    /// @notice A champion's operator changed. No operator is pending.
    event ChampionOperatorSet(uint32 indexed championId, address indexed operator);
    /// @notice A champion's registrar changed.
    event ChampionRegistrarSet(uint32 indexed championId, address indexed registrar);
    /// @notice A champion was admitted to a sector or removed from it.
    event ChampionSectorSet(uint32 indexed championId, uint16 indexed sector, bool admitted);
    /// @notice The maximum number of citizens counted for rewards was set.
    event ChampionPopulationSet(uint32 indexed championId, uint64 population);
    /// @notice A champion was marked as restricting access, or the mark was removed.
    event ChampionRestrictionSet(uint32 indexed championId, bool restricted);
    /// @notice The programme funded by a champion's lots was set.
    event ChampionProgrammeSet(uint32 indexed championId, uint64 indexed programmeId);
    /// @notice A champion's rewards ended permanently. Its country may have another champion.
    event ChampionRetired(uint32 indexed championId, uint16 indexed country);

    /// @notice Admits a champion.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - the country is from 1 to 999, or `ChampionCountryInvalid`
    ///      - the country has no champion, retired ones aside, or `ChampionCountryTaken`
    ///      - operator and registrar are not zero, or `ChampionAccountZero`
    ///      - operator and registrar differ, or `ChampionRegistrarIsOperator`
    ///      - the programme exists, or `ProgrammeNonexistent`: its coins must always be sellable
    ///      The successor of a retired champion gets a new id.
    ///      Sectors are set here, because a proposal cannot know the new id.
    /// @param admission parameters of the champion
    /// @return championId id of the champion, counted from 1
    function admit(Admission calldata admission) external returns (uint32 championId);

    /// @notice Proposes the next operator, the first of two steps.
    /// @dev - the champion exists, or `ChampionNonexistent`
    ///      - the caller is its operator, or `CallerNotChampionOperator`
    /// @param championId the champion
    /// @param pendingOperator account allowed to accept, or zero to withdraw a proposal
    function proposeOperator(uint32 championId, address pendingOperator) external;

    /// @notice Makes the caller the operator, the second of two steps.
    /// @dev - the champion exists, or `ChampionNonexistent`
    ///      - the caller is its pending operator, or `CallerNotPendingOperator`
    ///      - the caller is not its registrar, or `ChampionRegistrarIsOperator`
    /// @param championId the champion
    function acceptOperator(uint32 championId) external;

    /// @notice Replaces a lost or recalled operator. A pending operator can no longer accept.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - the champion exists, or `ChampionNonexistent`
    ///      - the operator is not zero, or `ChampionAccountZero`
    ///      - the operator is not the registrar, or `ChampionRegistrarIsOperator`
    /// @param championId the champion
    /// @param operator the new operator
    function replaceOperator(uint32 championId, address operator) external;

    /// @notice Replaces the registrar.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - the champion exists, or `ChampionNonexistent`
    ///      - the registrar is not zero, or `ChampionAccountZero`
    ///      - the registrar is not the operator, or `ChampionRegistrarIsOperator`
    /// @param championId the champion
    /// @param registrar the new registrar
    function setRegistrar(uint32 championId, address registrar) external;

    /// @notice Admits a champion to a sector or removes it. Idempotent.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - the champion exists, or `ChampionNonexistent`
    ///      - it is not retired, or `ChampionAlreadyRetired`
    /// @param championId the champion
    /// @param sector number of the sector, as in offers
    /// @param admitted whether it is admitted
    function setSector(uint32 championId, uint16 sector, bool admitted) external;

    /// @notice Sets the maximum number of citizens counted for rewards.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - the champion exists, or `ChampionNonexistent`
    ///      - it is not retired, or `ChampionAlreadyRetired`
    /// @param championId the champion
    /// @param population number of citizens
    function setPopulation(uint32 championId, uint64 population) external;

    /// @notice Marks a champion as restricting access: it earns no rewards. Idempotent.
    /// @dev A function of its own, so that the guardian's council may propose it without `liftRestriction`.
    ///      - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - the champion exists, or `ChampionNonexistent`
    ///      - it is not retired, or `ChampionAlreadyRetired`
    /// @param championId the champion
    function restrict(uint32 championId) external;

    /// @notice Removes the mark of a restricted champion. Idempotent.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - the champion exists, or `ChampionNonexistent`
    ///      - it is not retired, or `ChampionAlreadyRetired`
    /// @param championId the champion
    function liftRestriction(uint32 championId) external;

    /// @notice Sets the programme funded by a champion's new lots. A retired champion may still have coins to sell.
    /// @dev - the caller has `PROGRAMME_ROLE`, or `AccessControlUnauthorizedAccount`
    ///      - the champion exists, or `ChampionNonexistent`
    ///      - the programme exists, or `ProgrammeNonexistent`
    /// @param championId the champion
    /// @param programmeId the programme
    function setProgramme(uint32 championId, uint64 programmeId) external;

    /// @notice Ends a champion's rewards permanently. Its earlier earnings stay its own: operator, registrar and
    ///         programme can still change, so that they stay accessible.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - the champion exists, or `ChampionNonexistent`
    ///      - it is not retired, or `ChampionAlreadyRetired`
    /// @param championId the champion
    function retire(uint32 championId) external;

    /// @notice The Commons with all programmes.
    // solhint-disable-next-line func-name-mixedcase
    function COMMONS() external view returns (ICommons);

    /// @notice A champion, retired or not.
    /// @dev The champion exists, or `ChampionNonexistent`.
    function championOf(uint32 championId) external view returns (Champion memory);

    /// @notice Whether a champion earns rewards in a sector: admitted, not restricted, not retired.
    function isRewarded(uint32 championId, uint16 sector) external view returns (bool);

    /// @notice Whether a champion is admitted to a sector, even if restricted or retired.
    function isInSector(uint32 championId, uint16 sector) external view returns (bool);

    /// @notice A country's champion, retired ones aside, or 0 if there is none.
    /// @param country ISO 3166-1 numeric code
    function championByCountry(uint16 country) external view returns (uint32 championId);

    /// @notice Id of the newest champion, also the number of champions ever admitted.
    function lastChampionId() external view returns (uint32);
}
