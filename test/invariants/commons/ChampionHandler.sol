// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IChampionRegistry} from "../../../contracts/commons/IChampionRegistry.sol";
import {ICommons} from "../../../contracts/commons/ICommons.sol";
import {ProgrammeHandler} from "./ProgrammeHandler.sol";

/// @notice Champions are admitted, operated, restricted and retired. Strangers govern nothing.
abstract contract ChampionHandler is ProgrammeHandler {
    uint32 private constant MAX_CHAMPIONS = 40;

    constructor() {
        _add(ChampionHandler.admit.selector, 1);
        _add(ChampionHandler.retire.selector, 1);
        _add(ChampionHandler.proposeOperator.selector, 1);
        _add(ChampionHandler.acceptOperator.selector, 1);
        _add(ChampionHandler.replaceOperator.selector, 1);
        _add(ChampionHandler.setRegistrar.selector, 1);
        _add(ChampionHandler.restrict.selector, 1);
        _add(ChampionHandler.setSector.selector, 1);
        _add(ChampionHandler.trespass.selector, 1);
        string[12] memory outcomes = [
            "admit",
            "retire",
            "proposeOperator",
            "acceptOperator",
            "acceptOperator refused",
            "replaceOperator",
            "replaceOperator refused",
            "setRegistrar",
            "setRegistrar refused",
            "restrict",
            "setSector",
            "trespass"
        ];
        for (uint256 i; i < outcomes.length; ++i) _expect(outcomes[i], 5);
    }

    function admit(uint256 seed) external {
        uint16 country = uint16(1 + (seed % COUNTRIES));
        if (_CHAMPIONS.championByCountry(country) != 0) return;
        if (_CHAMPIONS.lastChampionId() == MAX_CHAMPIONS) return;
        uint16[] memory sectors = new uint16[](1);
        sectors[0] = uint16((seed >> 8) % SECTORS);
        IChampionRegistry.Admission memory admission = IChampionRegistry.Admission({
            country: country,
            population: uint64(seed),
            operator: _person(seed >> 64),
            registrar: _person((seed >> 64) + 1),
            programmeId: _programme(seed),
            sectors: sectors
        });
        _inSector[_CHAMPIONS.admit(admission)][sectors[0]] = true;
        _did("admit");
    }

    function retire(uint256 seed) external {
        uint32 id = _champion(seed);
        if (id == 0 || _retired[id] || (seed >> 32) % 4 != 0) return;
        _CHAMPIONS.retire(id);
        _retired[id] = true;
        _did("retire");
    }

    function proposeOperator(uint256 seed) external {
        uint32 id = _champion(seed);
        if (id == 0) return;
        VM.prank(_CHAMPIONS.championOf(id).operator);
        _CHAMPIONS.proposeOperator(id, _person(seed >> 64));
        _did("proposeOperator");
    }

    function acceptOperator(uint256 seed) external {
        uint32 id = _champion(seed);
        if (id == 0) return;
        IChampionRegistry.Champion memory champion = _CHAMPIONS.championOf(id);
        address operator = champion.pendingOperator;
        if (operator == address(0)) return;
        bool ok = callAs(
            operator,
            address(_CHAMPIONS),
            abi.encodeCall(_CHAMPIONS.acceptOperator, (id)),
            _sameRefusal(operator, champion.registrar),
            "The proposed operator may accept, unless it is the registrar"
        );
        _did(ok ? "acceptOperator" : "acceptOperator refused");
    }

    function _sameRefusal(address operator, address registrar) private pure returns (bytes memory) {
        if (operator != registrar) return "";
        return abi.encodeWithSelector(IChampionRegistry.ChampionRegistrarIsOperator.selector, operator);
    }

    function replaceOperator(uint256 seed) external {
        uint32 id = _champion(seed);
        if (id == 0) return;
        address operator = _person(seed >> 64);
        bool ok = callAs(
            address(this),
            address(_CHAMPIONS),
            abi.encodeCall(_CHAMPIONS.replaceOperator, (id, operator)),
            _sameRefusal(operator, _CHAMPIONS.championOf(id).registrar),
            "Anyone but the registrar may operate"
        );
        _did(ok ? "replaceOperator" : "replaceOperator refused");
    }

    function setRegistrar(uint256 seed) external {
        uint32 id = _champion(seed);
        if (id == 0) return;
        address registrar = _person(seed >> 64);
        bool ok = callAs(
            address(this),
            address(_CHAMPIONS),
            abi.encodeCall(_CHAMPIONS.setRegistrar, (id, registrar)),
            _sameRefusal(_CHAMPIONS.championOf(id).operator, registrar),
            "Anyone but the operator may enroll"
        );
        _did(ok ? "setRegistrar" : "setRegistrar refused");
    }

    function restrict(uint256 seed) external {
        uint32 id = _champion(seed);
        if (id == 0 || _retired[id]) return;
        _restricted[id] = (seed >> 64) % 2 == 0;
        if (_restricted[id]) _CHAMPIONS.restrict(id);
        else _CHAMPIONS.liftRestriction(id);
        _did("restrict");
    }

    function setSector(uint256 seed) external {
        uint32 id = _champion(seed);
        if (id == 0 || _retired[id]) return;
        (uint16 sector, bool admitted) = (uint16((seed >> 64) % SECTORS), (seed >> 128) % 2 == 0);
        _CHAMPIONS.setSector(id, sector, admitted);
        _inSector[id][sector] = admitted;
        _did("setSector");
    }

    // Permissions

    function trespass(uint256 seed) external {
        _trespassCommons(seed);
        _trespassChampions(_champion(seed), _programme(seed));
        _did("trespass");
    }

    function _trespassCommons(uint256 seed) private {
        (uint64 programmeId, address token) = (_programme(seed), address(_token(seed)));
        (address target, bytes memory notAdmin) = (address(_COMMONS), _unauthorized(0));
        bytes32 role = _COMMONS.DEFAULT_ADMIN_ROLE();
        _mustFail(
            target,
            abi.encodeCall(_COMMONS.startProgramme, (ICommons.ProgrammeKind.Research, STRANGER, 0, "")),
            notAdmin
        );
        _mustFail(target, abi.encodeCall(_COMMONS.setSteward, (programmeId, STRANGER)), notAdmin);
        _mustFail(target, abi.encodeCall(_COMMONS.assign, (programmeId, token, 1)), notAdmin);
        _mustFail(target, abi.encodeCall(_COMMONS.grantRole, (role, STRANGER)), notAdmin);
        _mustFail(target, abi.encodeCall(_COMMONS.setRouter, (_ROUTER)), notAdmin);
        _mustFail(
            target,
            abi.encodeCall(_COMMONS.proposeMilestone, (programmeId, token, 1, _capsule(seed), "evidence")),
            abi.encodeWithSelector(ICommons.CallerNotSteward.selector, programmeId, STRANGER)
        );
        (uint64 id, ICommons.Milestone memory milestone) = _milestone(seed);
        _mustFail(target, _releaseData(id, milestone), notAdmin);
        _mustFail(
            target,
            abi.encodeCall(_COMMONS.withdrawMilestone, (id)),
            id == 0
                ? abi.encodeWithSelector(ICommons.MilestoneNonexistent.selector, id)
                : abi.encodeWithSelector(ICommons.CallerNotMilestoneSteward.selector, id, STRANGER)
        );
    }

    function _trespassChampions(uint32 id, uint64 programmeId) private {
        (address target, bytes memory notAdmin) = (address(_CHAMPIONS), _unauthorized(0));
        _mustFail(
            target,
            abi.encodeCall(_CHAMPIONS.proposeOperator, (id, STRANGER)),
            _operatorRefusal(id, IChampionRegistry.CallerNotChampionOperator.selector)
        );
        _mustFail(
            target,
            abi.encodeCall(_CHAMPIONS.acceptOperator, (id)),
            _operatorRefusal(id, IChampionRegistry.CallerNotPendingOperator.selector)
        );
        _mustFail(target, abi.encodeCall(_CHAMPIONS.replaceOperator, (id, STRANGER)), notAdmin);
        _mustFail(target, abi.encodeCall(_CHAMPIONS.retire, (id)), notAdmin);
        _mustFail(
            target,
            abi.encodeCall(_CHAMPIONS.setProgramme, (id, programmeId)),
            _unauthorized(_CHAMPIONS.PROGRAMME_ROLE())
        );
    }

    /// @param selector of the error for a champion that exists
    function _operatorRefusal(uint32 id, bytes4 selector) private pure returns (bytes memory) {
        if (id == 0) return abi.encodeWithSelector(IChampionRegistry.ChampionNonexistent.selector, id);
        return abi.encodeWithSelector(selector, id, STRANGER);
    }

    function _champion(uint256 seed) private view returns (uint32) {
        uint32 last = _CHAMPIONS.lastChampionId();
        return last == 0 ? 0 : uint32(1 + ((seed >> 40) % last));
    }
}
