// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICommons} from "./ICommons.sol";

/// @notice Who mines: national, locally owned operators of free AI, admitted by governance.
/// @dev Restriction and retirement stop rewards and nothing else: whatever a champion earned before is still its own, and
///      every read of it stays.
interface IChampionRegistry {
    /// @notice A champion.
    /// @param country ISO 3166-1 numeric code
    /// @param population most citizens whose free use may ever count
    /// @param restricted whether it restricts access, and is not rewarded as long as it does
    /// @param retired whether it is rewarded no more, for ever
    /// @param operator runs the champion
    /// @param registrar enrolls its citizens; never the operator
    /// @param programmeId public-good project that its citizens chose to pay for
    /// @param pendingOperator may become the operator, or zero
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

    /// @notice What a new champion starts with.
    /// @param country ISO 3166-1 numeric code, 1 to 999
    /// @param population most citizens whose free use may ever count
    /// @param operator runs the champion
    /// @param registrar enrolls its citizens
    /// @param programmeId public-good project to pay for until its citizens choose
    /// @param sectors numbers of the sectors that it is admitted for
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

    /// @notice A champion exists. Its programme and its sectors follow, one event each.
    event ChampionAdmitted(
        uint32 indexed championId,
        uint16 indexed country,
        address indexed operator,
        address registrar,
        uint64 population
    );
    /// @notice The operator named who may take over, or, with zero, nobody any more.
    event ChampionOperatorProposed(uint32 indexed championId, address indexed pendingOperator);
    /// @notice A champion has another operator, and no pending one.
    event ChampionOperatorSet(uint32 indexed championId, address indexed operator);
    /// @notice A champion has another registrar.
    event ChampionRegistrarSet(uint32 indexed championId, address indexed registrar);
    /// @notice A champion is admitted for a sector, or no longer.
    event ChampionSectorSet(uint32 indexed championId, uint16 indexed sector, bool admitted);
    /// @notice How many citizens' free use may count at most.
    event ChampionPopulationSet(uint32 indexed championId, uint64 population);
    /// @notice A champion restricts access and is not rewarded, or no longer restricts it.
    event ChampionRestrictionSet(uint32 indexed championId, bool restricted);
    /// @notice What the champion's citizens chose to pay for.
    event ChampionProgrammeSet(uint32 indexed championId, uint64 indexed programmeId);
    /// @notice A champion is rewarded no more, and its country is free for another.
    event ChampionRetired(uint32 indexed championId, uint16 indexed country);

    /// @notice Admits a champion.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - the country is from 1 to 999, or `ChampionCountryInvalid`; without a champion that is not retired, or
    ///        `ChampionCountryTaken`
    ///      - operator and registrar are not zero, or `ChampionAccountZero`; two accounts, or
    ///        `ChampionRegistrarIsOperator`
    ///      - the programme exists, or `ProgrammeNonexistent`: what a champion mines can always be sold
    ///      A country whose champion is retired may have another, under a new id.
    ///      Sectors come with the admission: a proposal need not guess the id to name them.
    /// @param admission what it starts with
    /// @return championId counts from 1
    function admit(Admission calldata admission) external returns (uint32 championId);

    /// @notice Names who may take over as operator, or withdraws that with zero.
    /// @dev - the champion exists, or `ChampionNonexistent`
    ///      - the caller is its operator, or `CallerNotChampionOperator`
    /// @param championId the champion
    /// @param pendingOperator who may accept
    function proposeOperator(uint32 championId, address pendingOperator) external;

    /// @notice Takes over as operator.
    /// @dev - the champion exists, or `ChampionNonexistent`
    ///      - the caller is its pending operator, or `CallerNotPendingOperator`; not its registrar, or
    ///        `ChampionRegistrarIsOperator`
    /// @param championId the champion
    function acceptOperator(uint32 championId) external;

    /// @notice Replaces an operator that is lost or recalled. Whom it proposed can no longer accept.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - the champion exists, or `ChampionNonexistent`
    ///      - the operator is not zero, or `ChampionAccountZero`; not the registrar, or `ChampionRegistrarIsOperator`
    /// @param championId the champion
    /// @param operator runs it from now on
    function replaceOperator(uint32 championId, address operator) external;

    /// @notice Replaces the registrar.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - the champion exists, or `ChampionNonexistent`
    ///      - the registrar is not zero, or `ChampionAccountZero`; not the operator, or `ChampionRegistrarIsOperator`
    /// @param championId the champion
    /// @param registrar enrolls its citizens from now on
    function setRegistrar(uint32 championId, address registrar) external;

    /// @notice Admits a champion for a sector, or no longer. Saying what is so already does no harm.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - the champion exists, or `ChampionNonexistent`; not retired, or `ChampionAlreadyRetired`
    /// @param championId the champion
    /// @param sector number of the sector, as offers name it
    /// @param admitted whether it may be rewarded there
    function setSector(uint32 championId, uint16 sector, bool admitted) external;

    /// @notice Sets how many citizens' free use may count at most.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - the champion exists, or `ChampionNonexistent`; not retired, or `ChampionAlreadyRetired`
    /// @param championId the champion
    /// @param population of its country
    function setPopulation(uint32 championId, uint64 population) external;

    /// @notice Says that a champion restricts access, or no longer. Saying what is so already does no harm.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - the champion exists, or `ChampionNonexistent`; not retired, or `ChampionAlreadyRetired`
    /// @param championId the champion
    /// @param restricted whether it goes without rewards
    function setRestricted(uint32 championId, bool restricted) external;

    /// @notice Sets what a champion's citizens pay for. A retired champion's too: its lots may still be on sale.
    /// @dev - the caller has `PROGRAMME_ROLE`, or `AccessControlUnauthorizedAccount`
    ///      - the champion exists, or `ChampionNonexistent`; the programme too, or `ProgrammeNonexistent`
    /// @param championId the champion
    /// @param programmeId public-good project
    function setProgramme(uint32 championId, uint64 programmeId) external;

    /// @notice Stops a champion's rewards for ever. What it earned before stays its own: operator, registrar and
    ///         programme can still change, so that it can be had.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - the champion exists, or `ChampionNonexistent`; not retired, or `ChampionAlreadyRetired`
    /// @param championId the champion
    function retire(uint32 championId) external;

    /// @notice Has the programmes.
    // solhint-disable-next-line func-name-mixedcase
    function COMMONS() external view returns (ICommons);

    /// @notice A champion, retired or not; `ChampionNonexistent` if there is none.
    function championOf(uint32 championId) external view returns (Champion memory);

    /// @notice Whether a champion is rewarded for use in a sector: admitted for it, not restricted, not retired.
    function isRewarded(uint32 championId, uint16 sector) external view returns (bool);

    /// @notice Whether a champion is admitted for a sector, even while it is restricted or retired.
    function isInSector(uint32 championId, uint16 sector) external view returns (bool);

    /// @notice The champion of a country that is not retired, or 0.
    /// @param country ISO 3166-1 numeric code
    function championByCountry(uint16 country) external view returns (uint32 championId);

    /// @notice The newest champion's id, which is also how many were ever admitted.
    function lastChampionId() external view returns (uint32);
}
