// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICapsuleRegistry} from "../../contracts/capsules/ICapsuleRegistry.sol";
import {ChampionRegistry} from "../../contracts/commons/ChampionRegistry.sol";
import {Commons} from "../../contracts/commons/Commons.sol";
import {IChampionRegistry} from "../../contracts/commons/IChampionRegistry.sol";
import {ICommons} from "../../contracts/commons/ICommons.sol";
import {ISettlementRouter} from "../../contracts/settlement/ISettlementRouter.sol";
import {TestUSD} from "../../contracts/settlement/TestUSD.sol";
import {Test} from "../utils/Test.sol";

/// @notice What people do with programmes and champions. Each function does one thing that must succeed, or several that
///         must fail, and nothing if the moment does not allow it.
abstract contract CommonsHandler is Test {
    enum Action {
        Start,
        HandOver,
        Deposit,
        Donate,
        Assign,
        Propose,
        Withdraw,
        Release,
        Serve,
        ClaimPlatform,
        Overdraw,
        Repeat,
        Admit,
        Retire,
        ProposeOperator,
        AcceptOperator,
        ReplaceOperator,
        SetRegistrar,
        Restrict,
        SetSector,
        Trespass
    }

    /// @dev What a vault should hold, by the plainest count.
    struct VaultModel {
        uint256 received;
        uint256 released;
    }

    uint256 private constant PEOPLE = 5;
    uint256 private constant COUNTRIES = 4;
    uint256 private constant SECTORS = 3;
    uint64 private constant CAPSULES = 2;
    uint64 private constant MAX_PROGRAMMES = 6;
    uint32 private constant MAX_CHAMPIONS = 40;
    address private constant DONOR = address(0xD0);
    address private constant STRANGER = address(0x57A6);

    Commons private immutable _COMMONS;
    ChampionRegistry private immutable _CHAMPIONS;
    ISettlementRouter private immutable _ROUTER;

    mapping(Action action => uint256) public count;
    TestUSD[2] private _tokens;
    address[] private _people;
    mapping(uint64 programmeId => mapping(TestUSD token => VaultModel)) private _vaults;
    mapping(TestUSD token => uint256) private _unassigned;
    mapping(address person => mapping(TestUSD token => uint256)) private _paid;
    mapping(TestUSD token => uint256) private _served;
    mapping(uint64 capsuleId => mapping(TestUSD token => uint256)) private _revenue;
    mapping(uint64 capsuleId => mapping(TestUSD token => uint256)) private _platform;
    mapping(uint64 milestoneId => bool) private _ended;
    mapping(uint32 championId => mapping(uint16 sector => bool)) private _inSector;
    mapping(uint32 championId => bool) private _restricted;
    mapping(uint32 championId => bool) private _retired;
    uint64[] private _released;

    constructor() {
        _COMMONS = Commons(deploy("contracts/commons/Commons.sol:Commons", abi.encode(address(this))));
        _CHAMPIONS = ChampionRegistry(
            deploy(
                "contracts/commons/ChampionRegistry.sol:ChampionRegistry",
                abi.encode(_COMMONS, address(this))
            )
        );
        _ROUTER = _deployRouter();
        _COMMONS.setRouter(_ROUTER);
        for (uint256 i; i < PEOPLE; ++i) _people.push(address(uint160(0xBE01 + i)));
        for (uint256 i; i < 2; ++i) {
            _tokens[i] = TestUSD(deploy("contracts/settlement/TestUSD.sol:TestUSD", ""));
            VM.prank(DONOR);
            _tokens[i].approve(address(_COMMONS), type(uint256).max);
        }
        start(0);
        start(1);
    }

    /// @dev With capsules that have no rows: what they are paid is their owner's, but for the platform's part.
    function _deployRouter() private returns (ISettlementRouter) {
        ICapsuleRegistry capsules = ICapsuleRegistry(
            deploy("contracts/capsules/CapsuleRegistry.sol:CapsuleRegistry", "")
        );
        ICapsuleRegistry.Registration memory registration;
        registration.contentHash = keccak256("content");
        registration.uri = "ipfs://content";
        for (uint256 i; i < CAPSULES; ++i) capsules.register(DONOR, registration);
        return
            ISettlementRouter(
                deploy(
                    "contracts/settlement/SettlementRouter.sol:SettlementRouter",
                    abi.encode(capsules, address(0), _COMMONS, address(this))
                )
            );
    }

    // Funding

    function start(uint256 seed) public {
        if (_COMMONS.lastProgrammeId() == MAX_PROGRAMMES) return;
        _COMMONS.startProgramme(ICommons.ProgrammeKind(seed % 2), _person(seed >> 8), bytes32(seed), "");
        _did(Action.Start);
    }

    function handOver(uint256 seed) external {
        _COMMONS.setSteward(_programme(seed), _person(seed >> 64));
        _did(Action.HandOver);
    }

    function deposit(uint256 seed) external {
        (uint64 programmeId, TestUSD token, uint128 amount) = (_programme(seed), _token(seed), _amount(seed));
        token.mint(DONOR, amount);
        VM.prank(DONOR);
        _COMMONS.deposit(programmeId, address(token), amount);
        _vaults[programmeId][token].received += amount;
        _did(Action.Deposit);
    }

    function donate(uint256 seed) external {
        (TestUSD token, uint128 amount) = (_token(seed), _amount(seed));
        token.mint(address(_COMMONS), amount);
        _unassigned[token] += amount;
        _did(Action.Donate);
    }

    function assign(uint256 seed) external {
        (uint64 programmeId, TestUSD token) = (_programme(seed), _token(seed));
        if (_unassigned[token] == 0) return;
        uint128 amount = uint128(bound(seed >> 128, 1, _unassigned[token]));
        _COMMONS.assign(programmeId, address(token), amount);
        _vaults[programmeId][token].received += amount;
        _unassigned[token] -= amount;
        _did(Action.Assign);
    }

    // Reaching milestones

    function propose(uint256 seed) external {
        _propose(_programme(seed), _token(seed), _amount(seed), seed);
        _did(Action.Propose);
    }

    function _propose(
        uint64 programmeId,
        TestUSD token,
        uint128 amount,
        uint256 seed
    ) private returns (uint64) {
        ICommons.Programme memory programme = _COMMONS.programmeOf(programmeId);
        bool isService = programme.kind == ICommons.ProgrammeKind.Service;
        VM.prank(programme.steward);
        return
            _COMMONS.proposeMilestone(
                programmeId,
                address(token),
                amount,
                isService ? _capsule(seed) : 0,
                keccak256(abi.encode("evidence", seed))
            );
    }

    function withdraw(uint256 seed) external {
        (uint64 id, ICommons.Milestone memory milestone) = _milestone(seed);
        if (id == 0 || _ended[id]) return;
        VM.prank(milestone.steward);
        _COMMONS.withdrawMilestone(id);
        _ended[id] = true;
        _did(Action.Withdraw);
    }

    /// @dev Releases what can be released; anything else must fail.
    function release(uint256 seed) external {
        (uint64 id, ICommons.Milestone memory milestone) = _milestone(seed);
        if (id == 0) return;
        (TestUSD token, address steward) = (
            TestUSD(milestone.token),
            _COMMONS.programmeOf(milestone.programmeId).steward
        );
        VaultModel storage vault = _vaults[milestone.programmeId][token];
        bool isDue =
            !_ended[id] &&
                steward == milestone.steward &&
                milestone.amount <= vault.received - vault.released &&
                milestone.capsuleId <= CAPSULES;
        uint256 before = token.balanceOf(address(_ROUTER));
        bool ok = _release(id, milestone);
        check(
            ok == isDue,
            "A milestone is paid once, as its programme pays, out of its own vault, or not at all"
        );
        if (!ok) return;
        vault.released += milestone.amount;
        _ended[id] = true;
        _released.push(id);
        if (milestone.capsuleId == 0) _modelResearch(token, steward, milestone.amount);
        else _modelService(token, milestone.capsuleId, milestone.amount);
        checkEq(
            token.balanceOf(address(_ROUTER)) - before,
            milestone.capsuleId == 0 ? 0 : milestone.amount,
            "The router gets what a service is paid, and nothing of research"
        );
    }

    function _modelResearch(TestUSD token, address steward, uint256 amount) private {
        _paid[steward][token] += amount;
        _did(Action.Release);
    }

    function _modelService(TestUSD token, uint64 capsuleId, uint256 amount) private {
        _served[token] += amount;
        _revenue[capsuleId][token] += amount;
        _did(Action.Serve);
    }

    function _release(uint64 id, ICommons.Milestone memory milestone) private returns (bool ok) {
        (ok, ) = address(_COMMONS).call(
            abi.encodeCall(
                _COMMONS.release,
                (
                    id,
                    milestone.programmeId,
                    milestone.token,
                    milestone.amount,
                    milestone.capsuleId,
                    milestone.evidenceHash
                )
            )
        );
    }

    /// @dev What the platform earned of services comes back, and belongs to no vault.
    function claimPlatform(uint256 seed) external {
        (uint64 capsuleId, TestUSD token) = (uint64(1 + ((seed >> 96) % CAPSULES)), _token(seed));
        uint256 platform = (3 * _revenue[capsuleId][token]) / 10 / 3;
        if (platform == _platform[capsuleId][token]) return;
        ISettlementRouter.Claim[] memory claims = new ISettlementRouter.Claim[](1);
        claims[0] = ISettlementRouter.Claim(capsuleId, 1, address(token), 0, 1);
        _ROUTER.claim(claims);
        _unassigned[token] += platform - _platform[capsuleId][token];
        _platform[capsuleId][token] = platform;
        _did(Action.ClaimPlatform);
    }

    function overdraw(uint256 seed) external {
        (uint64 programmeId, TestUSD token) = (_programme(seed), _token(seed));
        VaultModel storage vault = _vaults[programmeId][token];
        uint128 amount = uint128(vault.received - vault.released + 1);
        uint64 id = _propose(programmeId, token, amount, seed);
        check(!_release(id, _COMMONS.milestoneOf(id)), "No milestone takes more than its vault holds");
        _did(Action.Overdraw);
    }

    function repeat(uint256 seed) external {
        if (_released.length == 0) return;
        uint64 id = _released[seed % _released.length];
        check(!_release(id, _COMMONS.milestoneOf(id)), "No milestone is paid twice");
        _did(Action.Repeat);
    }

    // Champions

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
        _did(Action.Admit);
    }

    function retire(uint256 seed) external {
        uint32 id = _champion(seed);
        if (id == 0 || _retired[id] || (seed >> 32) % 4 != 0) return;
        _CHAMPIONS.retire(id);
        _retired[id] = true;
        _did(Action.Retire);
    }

    function proposeOperator(uint256 seed) external {
        uint32 id = _champion(seed);
        if (id == 0) return;
        VM.prank(_CHAMPIONS.championOf(id).operator);
        _CHAMPIONS.proposeOperator(id, _person(seed >> 64));
        _did(Action.ProposeOperator);
    }

    function acceptOperator(uint256 seed) external {
        uint32 id = _champion(seed);
        if (id == 0) return;
        IChampionRegistry.Champion memory champion = _CHAMPIONS.championOf(id);
        if (champion.pendingOperator == address(0)) return;
        VM.prank(champion.pendingOperator);
        (bool ok, ) = address(_CHAMPIONS).call(abi.encodeCall(_CHAMPIONS.acceptOperator, (id)));
        check(
            ok == (champion.pendingOperator != champion.registrar),
            "Whom the operator proposed may accept, unless it is the registrar"
        );
        if (ok) _did(Action.AcceptOperator);
    }

    function replaceOperator(uint256 seed) external {
        uint32 id = _champion(seed);
        if (id == 0) return;
        address operator = _person(seed >> 64);
        (bool ok, ) = address(_CHAMPIONS).call(abi.encodeCall(_CHAMPIONS.replaceOperator, (id, operator)));
        check(
            ok == (operator != _CHAMPIONS.championOf(id).registrar),
            "Anyone but the registrar may operate"
        );
        if (ok) _did(Action.ReplaceOperator);
    }

    function setRegistrar(uint256 seed) external {
        uint32 id = _champion(seed);
        if (id == 0) return;
        address registrar = _person(seed >> 64);
        (bool ok, ) = address(_CHAMPIONS).call(abi.encodeCall(_CHAMPIONS.setRegistrar, (id, registrar)));
        check(ok == (registrar != _CHAMPIONS.championOf(id).operator), "Anyone but the operator may enroll");
        if (ok) _did(Action.SetRegistrar);
    }

    function restrict(uint256 seed) external {
        uint32 id = _champion(seed);
        if (id == 0 || _retired[id]) return;
        _restricted[id] = (seed >> 64) % 2 == 0;
        _CHAMPIONS.setRestricted(id, _restricted[id]);
        _did(Action.Restrict);
    }

    function setSector(uint256 seed) external {
        uint32 id = _champion(seed);
        if (id == 0 || _retired[id]) return;
        (uint16 sector, bool admitted) = (uint16((seed >> 64) % SECTORS), (seed >> 128) % 2 == 0);
        _CHAMPIONS.setSector(id, sector, admitted);
        _inSector[id][sector] = admitted;
        _did(Action.SetSector);
    }

    // What must fail

    function trespass(uint256 seed) external {
        (uint64 programmeId, address token) = (_programme(seed), address(_token(seed)));
        bytes32 role = _COMMONS.DEFAULT_ADMIN_ROLE();
        _mustFail(
            address(_COMMONS),
            abi.encodeCall(_COMMONS.startProgramme, (ICommons.ProgrammeKind.Research, STRANGER, 0, ""))
        );
        _mustFail(address(_COMMONS), abi.encodeCall(_COMMONS.setSteward, (programmeId, STRANGER)));
        _mustFail(address(_COMMONS), abi.encodeCall(_COMMONS.assign, (programmeId, token, 1)));
        _mustFail(address(_COMMONS), abi.encodeCall(_COMMONS.grantRole, (role, STRANGER)));
        _mustFail(
            address(_COMMONS),
            abi.encodeCall(_COMMONS.proposeMilestone, (programmeId, token, 1, _capsule(seed), "evidence"))
        );
        _mustFail(address(_COMMONS), abi.encodeCall(_COMMONS.setRouter, (_ROUTER)));
        (uint64 id, ICommons.Milestone memory milestone) = _milestone(seed);
        _mustFail(address(_COMMONS), abi.encodeCall(_COMMONS.withdrawMilestone, (id)));
        _mustFail(
            address(_COMMONS),
            abi.encodeCall(
                _COMMONS.release,
                (
                    id,
                    milestone.programmeId,
                    milestone.token,
                    milestone.amount,
                    milestone.capsuleId,
                    milestone.evidenceHash
                )
            )
        );
        uint32 championId = _champion(seed);
        _mustFail(address(_CHAMPIONS), abi.encodeCall(_CHAMPIONS.proposeOperator, (championId, STRANGER)));
        _mustFail(address(_CHAMPIONS), abi.encodeCall(_CHAMPIONS.acceptOperator, (championId)));
        _mustFail(address(_CHAMPIONS), abi.encodeCall(_CHAMPIONS.replaceOperator, (championId, STRANGER)));
        _mustFail(address(_CHAMPIONS), abi.encodeCall(_CHAMPIONS.setProgramme, (championId, programmeId)));
        _mustFail(address(_CHAMPIONS), abi.encodeCall(_CHAMPIONS.retire, (championId)));
        _did(Action.Trespass);
    }

    function _mustFail(address target, bytes memory data) private {
        VM.prank(STRANGER);
        (bool ok, ) = target.call(data);
        check(!ok, "What is not a stranger's to do fails");
    }

    // Choosing

    function _person(uint256 seed) private view returns (address) {
        return _people[seed % PEOPLE];
    }

    function _programme(uint256 seed) private view returns (uint64) {
        return uint64(1 + ((seed >> 16) % _COMMONS.lastProgrammeId()));
    }

    /// @dev One of those that exist, or one that doesn't.
    function _capsule(uint256 seed) private pure returns (uint64) {
        return uint64(1 + ((seed >> 96) % (CAPSULES + 1)));
    }

    function _token(uint256 seed) private view returns (TestUSD) {
        return _tokens[(seed >> 24) % 2];
    }

    function _amount(uint256 seed) private pure returns (uint128) {
        return uint128(bound(seed >> 128, 1, 10 ** 12));
    }

    /// @dev One of the newest, which are more likely to wait.
    function _milestone(uint256 seed) private view returns (uint64 id, ICommons.Milestone memory milestone) {
        uint64 last = _COMMONS.lastMilestoneId();
        if (last == 0) return (0, milestone);
        id = last - uint64((seed >> 32) % (last < 8 ? last : 8));
        milestone = _COMMONS.milestoneOf(id);
    }

    function _champion(uint256 seed) private view returns (uint32) {
        uint32 last = _CHAMPIONS.lastChampionId();
        return last == 0 ? 0 : uint32(1 + ((seed >> 40) % last));
    }

    function _did(Action action) private {
        ++count[action];
    }

    // The laws

    /// @notice Law 6: proceeds are in vaults or released, and what vaults hold is there.
    function checkVaults() public view {
        for (uint256 i; i < 2; ++i) _checkToken(_tokens[i]);
    }

    function _checkToken(TestUSD token) private view {
        uint256 held;
        uint256 released;
        for (uint64 id = 1; id <= _COMMONS.lastProgrammeId(); ++id) {
            ICommons.Vault memory vault = _COMMONS.vaultOf(id, address(token));
            VaultModel storage model = _vaults[id][token];
            checkEq(
                uint256(vault.balance) + vault.released,
                model.received,
                "What a vault ever received is in it or released"
            );
            checkEq(vault.released, model.released, "A vault released what milestones asked for");
            held += vault.balance;
            released += vault.released;
        }
        checkEq(_COMMONS.inVaults(address(token)), held, "What is in vaults is what each holds");
        checkEq(
            _COMMONS.unassigned(address(token)),
            _unassigned[token],
            "What came unasked is counted apart"
        );
        checkEq(
            token.balanceOf(address(_COMMONS)),
            held + _unassigned[token],
            "The Commons holds its vaults and what came unasked, and nothing else"
        );
        _checkPaid(token, released);
    }

    function _checkPaid(TestUSD token, uint256 released) private view {
        uint256 paid;
        for (uint256 i; i < PEOPLE; ++i) {
            checkEq(
                token.balanceOf(_people[i]),
                _paid[_people[i]][token],
                "A steward has what its milestones earned"
            );
            paid += _paid[_people[i]][token];
        }
        checkEq(paid + _served[token], released, "What was released went to stewards and services");
        _checkServed(token);
    }

    function _checkServed(TestUSD token) private view {
        uint256 claimed;
        for (uint64 id = 1; id <= CAPSULES; ++id) claimed += _platform[id][token];
        checkEq(
            token.balanceOf(address(_ROUTER)),
            _served[token] - claimed,
            "The router holds what services were paid, less what came back"
        );
        checkEq(token.allowance(address(_COMMONS), address(_ROUTER)), 0, "No allowance remains");
    }

    /// @notice Operator and registrar differ, countries have one champion each, and rewards need all three conditions.
    function checkChampions() public view {
        uint256 active;
        for (uint32 id = 1; id <= _CHAMPIONS.lastChampionId(); ++id) {
            IChampionRegistry.Champion memory champion = _CHAMPIONS.championOf(id);
            check(champion.operator != champion.registrar, "The operator never is the registrar");
            check(
                (_CHAMPIONS.championByCountry(champion.country) == id) == !_retired[id],
                "A country has the one champion that is not retired"
            );
            check(
                champion.retired == _retired[id] && champion.restricted == _restricted[id],
                "A champion is restricted or retired if governance said so"
            );
            for (uint16 sector; sector < SECTORS; ++sector) {
                check(
                    _CHAMPIONS.isRewarded(id, sector) ==
                        (_inSector[id][sector] && !_restricted[id] && !_retired[id]),
                    "A champion is rewarded if admitted for the sector, not restricted and not retired"
                );
            }
            if (!champion.retired) ++active;
        }
        checkAtMost(active, COUNTRIES, "No country has two champions");
    }
}
