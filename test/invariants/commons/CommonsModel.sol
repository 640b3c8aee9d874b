// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";

import {ICapsuleRegistry} from "../../../contracts/capsules/ICapsuleRegistry.sol";
import {IChampionRegistry} from "../../../contracts/commons/IChampionRegistry.sol";
import {ICommons} from "../../../contracts/commons/ICommons.sol";
import {ISettlementRouter} from "../../../contracts/settlement/ISettlementRouter.sol";
import {Handler} from "../../utils/Handler.sol";
import {IGovernedChampions, IGovernedCommons, IToken} from "../../utils/Contracts.sol";

/// @notice The Commons and its champions, a model of their amounts and states, and the laws.
abstract contract CommonsModel is Handler {
    /// @dev The totals of one vault in one token, and the seconds (times 1e18) of its used limit at its last release.
    struct VaultModel {
        uint256 received;
        uint256 released;
        uint256 used;
        uint256 releasedAt;
    }

    uint256 internal constant PEOPLE = 5;
    uint256 internal constant COUNTRIES = 4;
    uint256 internal constant SECTORS = 3;
    uint64 internal constant CAPSULES = 2;
    uint256 internal constant PERIOD = 30 days;
    uint256 internal constant PRECISION = 1e18;
    address internal constant DONOR = address(0xD0);
    address internal constant STRANGER = address(0x57A6);

    IGovernedCommons internal immutable _COMMONS;
    IGovernedChampions internal immutable _CHAMPIONS;
    ISettlementRouter internal immutable _ROUTER;

    uint256 internal _now = 1_700_000_000;
    uint256 internal _limit = 2_500;
    uint256 internal _nextLimit = 2_500;
    uint256 internal _nextLimitFrom;
    IToken[2] internal _tokens;
    address[] internal _people;
    mapping(uint64 programmeId => mapping(IToken token => VaultModel)) internal _vaults;
    mapping(IToken token => uint256) internal _unassigned;
    mapping(address person => mapping(IToken token => uint256)) internal _paid;
    mapping(IToken token => uint256) internal _served;
    mapping(uint64 capsuleId => mapping(IToken token => uint256)) internal _revenue;
    mapping(uint64 capsuleId => mapping(IToken token => uint256)) internal _platform;
    mapping(uint64 milestoneId => ICommons.MilestoneStatus) internal _status;
    mapping(uint64 milestoneId => uint256) internal _paidOf;
    mapping(uint64 milestoneId => uint256) internal _proposedAt;
    mapping(uint64 programmeId => uint256) internal _stewardSince;
    mapping(uint32 championId => mapping(uint16 sector => bool)) internal _inSector;
    mapping(uint32 championId => bool) internal _restricted;
    mapping(uint32 championId => bool) internal _retired;

    modifier warped() {
        VM.warp(_now);
        _;
    }

    constructor() {
        VM.warp(_now);
        _COMMONS = IGovernedCommons(
            deploy("contracts/commons/Commons.sol:Commons", abi.encode(address(this)))
        );
        _CHAMPIONS = IGovernedChampions(
            deploy(
                "contracts/commons/ChampionRegistry.sol:ChampionRegistry",
                abi.encode(_COMMONS, address(this))
            )
        );
        _ROUTER = _deployRouter();
        _COMMONS.setRouter(_ROUTER);
        for (uint256 i; i < PEOPLE; ++i) _people.push(address(uint160(0xBE01 + i)));
        for (uint256 i; i < 2; ++i) {
            _tokens[i] = IToken(deploy("contracts/settlement/TestUSD.sol:TestUSD", ""));
            VM.prank(DONOR);
            _tokens[i].approve(address(_COMMONS), type(uint256).max);
        }
    }

    /// @dev Its capsules have no rows: the owner earns everything but the platform's part.
    function _deployRouter() private returns (ISettlementRouter) {
        ICapsuleRegistry capsules = ICapsuleRegistry(
            deploy("contracts/capsules/CapsuleRegistry.sol:CapsuleRegistry", abi.encode(address(this)))
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

    // Failing

    /// @dev A stranger's call must revert with exactly `refusal`.
    function _mustFail(address target, bytes memory data, bytes memory refusal) internal {
        callAs(STRANGER, target, data, refusal, "A stranger governs nothing");
    }

    function _unauthorized(bytes32 role) internal pure returns (bytes memory) {
        return
            abi.encodeWithSelector(IAccessControl.AccessControlUnauthorizedAccount.selector, STRANGER, role);
    }

    // Choosing

    function _person(uint256 seed) internal view returns (address) {
        return _people[seed % PEOPLE];
    }

    function _programme(uint256 seed) internal view returns (uint64) {
        return uint64(1 + ((seed >> 16) % _COMMONS.lastProgrammeId()));
    }

    function _token(uint256 seed) internal view returns (IToken) {
        return _tokens[(seed >> 24) % 2];
    }

    function _amount(uint256 seed) internal pure returns (uint128) {
        return uint128(bound(seed >> 128, 1, 10 ** 12));
    }

    // Laws

    /// @notice Law 6: proceeds are in vaults or released, and the Commons holds the money of its vaults.
    function checkVaults() public view {
        for (uint256 i; i < 2; ++i) _checkToken(_tokens[i]);
    }

    function _checkToken(IToken token) private view {
        uint256 held;
        uint256 released;
        for (uint64 id = 1; id <= _COMMONS.lastProgrammeId(); ++id) {
            ICommons.Vault memory vault = _COMMONS.vaultOf(id, address(token));
            VaultModel storage model = _vaults[id][token];
            checkEq(
                uint256(vault.balance) + vault.released,
                model.received,
                "All that a vault received is in it or released"
            );
            checkEq(vault.released, model.released, "A vault released the amounts of its milestones");
            checkAtMost(model.used, PERIOD * PRECISION, "A vault gives at most its part in 30 days");
            held += vault.balance;
            released += vault.released;
        }
        checkEq(_COMMONS.inVaults(address(token)), held, "The total of all vaults is their sum");
        checkEq(
            _COMMONS.unassigned(address(token)),
            _unassigned[token],
            "Money sent without a deposit is unassigned"
        );
        checkEq(
            token.balanceOf(address(_COMMONS)),
            held + _unassigned[token],
            "The Commons holds its vaults and the unassigned money, and nothing else"
        );
        _checkPaid(token, released);
    }

    function _checkPaid(IToken token, uint256 released) private view {
        uint256 paid;
        for (uint256 i; i < PEOPLE; ++i) {
            checkEq(
                token.balanceOf(_people[i]),
                _paid[_people[i]][token],
                "A steward was paid for its milestones"
            );
            paid += _paid[_people[i]][token];
        }
        checkEq(paid + _served[token], released, "Released money went to stewards and services");
        _checkServed(token);
    }

    function _checkServed(IToken token) private view {
        uint256 claimed;
        for (uint64 id = 1; id <= CAPSULES; ++id) claimed += _platform[id][token];
        checkEq(
            token.balanceOf(address(_ROUTER)),
            _served[token] - claimed,
            "The router holds the payments of services, less the claimed platform's part"
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
                "Only governance restricts and retires champions"
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
