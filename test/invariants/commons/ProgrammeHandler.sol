// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ICommons} from "../../../contracts/commons/ICommons.sol";
import {ISettlementRouter} from "../../../contracts/settlement/ISettlementRouter.sol";
import {CommonsModel} from "./CommonsModel.sol";
import {IToken} from "../../utils/Contracts.sol";

/// @notice Programmes are funded, and their stewards are paid for milestones.
abstract contract ProgrammeHandler is CommonsModel {
    uint64 private constant MAX_PROGRAMMES = 6;

    uint64[] private _released;

    constructor() {
        _add(ProgrammeHandler.start.selector, 1);
        _add(ProgrammeHandler.handOver.selector, 1);
        _add(ProgrammeHandler.deposit.selector, 2);
        _add(ProgrammeHandler.donate.selector, 1);
        _add(ProgrammeHandler.assign.selector, 1);
        _add(ProgrammeHandler.propose.selector, 2);
        _add(ProgrammeHandler.withdraw.selector, 1);
        _add(ProgrammeHandler.release.selector, 3);
        _add(ProgrammeHandler.claimPlatform.selector, 2);
        _add(ProgrammeHandler.overdraw.selector, 1);
        _add(ProgrammeHandler.repeat.selector, 1);
        _add(ProgrammeHandler.wait.selector, 3);
        _add(ProgrammeHandler.setLimit.selector, 1);
        string[19] memory outcomes = [
            "start",
            "handOver",
            "deposit",
            "donate",
            "assign",
            "propose",
            "withdraw",
            "release",
            "release to a service",
            "release of an ended milestone",
            "release after a handover",
            "release before its time",
            "release of a part",
            "release of nothing",
            "wait",
            "setLimit",
            "release to no capsule",
            "claimPlatform",
            "overdraw"
        ];
        for (uint256 i; i < outcomes.length; ++i) _expect(outcomes[i], 5);
        _expect("repeat", 5);
        _start(0);
        _start(1);
    }

    // Funding

    function start(uint256 seed) external warped {
        _start(seed);
    }

    function _start(uint256 seed) private {
        if (_COMMONS.lastProgrammeId() == MAX_PROGRAMMES) return;
        _COMMONS.startProgramme(ICommons.ProgrammeKind(seed % 2), _person(seed >> 8), bytes32(seed), "");
        _stewardSince[_COMMONS.lastProgrammeId()] = _now;
        _did("start");
    }

    function handOver(uint256 seed) external warped {
        _COMMONS.setSteward(_programme(seed), _person(seed >> 64));
        _stewardSince[_programme(seed)] = _now;
        _did("handOver");
    }

    function deposit(uint256 seed) external {
        (uint64 programmeId, IToken token, uint128 amount) = (_programme(seed), _token(seed), _amount(seed));
        token.mint(DONOR, amount);
        VM.prank(DONOR);
        _COMMONS.deposit(programmeId, address(token), amount);
        _vaults[programmeId][token].received += amount;
        _did("deposit");
    }

    function donate(uint256 seed) external {
        (IToken token, uint128 amount) = (_token(seed), _amount(seed));
        token.mint(address(_COMMONS), amount);
        _unassigned[token] += amount;
        _did("donate");
    }

    function assign(uint256 seed) external {
        (uint64 programmeId, IToken token) = (_programme(seed), _token(seed));
        if (_unassigned[token] == 0) return;
        uint128 amount = uint128(bound(seed >> 128, 1, _unassigned[token]));
        _COMMONS.assign(programmeId, address(token), amount);
        _vaults[programmeId][token].received += amount;
        _unassigned[token] -= amount;
        _did("assign");
    }

    function wait(uint256 seed) external {
        _now += 1 + (seed % 15 days);
        _did("wait");
    }

    function setLimit(uint256 seed) external warped {
        uint16 bps = uint16(bound(seed >> 128, 500, 5_000));
        _limit = _limitNow();
        (_nextLimit, _nextLimitFrom) = (bps, bps > _limit ? _now + PERIOD : _now);
        _COMMONS.setReleaseLimit(bps);
        _did("setLimit");
    }

    function _limitNow() private view returns (uint256) {
        return _now < _nextLimitFrom ? _limit : _nextLimit;
    }

    // Reaching milestones

    function propose(uint256 seed) external warped {
        _propose(_programme(seed), _token(seed), _amount(seed), seed);
        _did("propose");
    }

    function _propose(
        uint64 programmeId,
        IToken token,
        uint128 amount,
        uint256 seed
    ) private returns (uint64 id) {
        ICommons.Programme memory programme = _COMMONS.programmeOf(programmeId);
        bool isService = programme.kind == ICommons.ProgrammeKind.Service;
        VM.prank(programme.steward);
        id = _COMMONS.proposeMilestone(
            programmeId,
            address(token),
            amount,
            isService ? _capsule(seed) : 0,
            keccak256(abi.encode("evidence", seed))
        );
        _proposedAt[id] = _now;
    }

    function withdraw(uint256 seed) external {
        (uint64 id, ICommons.Milestone memory milestone) = _milestone(seed);
        if (id == 0 || _status[id] != ICommons.MilestoneStatus.Proposed) return;
        VM.prank(milestone.steward);
        _COMMONS.withdrawMilestone(id);
        _status[id] = ICommons.MilestoneStatus.Withdrawn;
        _did("withdraw");
    }

    /// @dev Pays, or fails with the error that the model expects.
    function release(uint256 seed) external warped {
        (uint64 id, ICommons.Milestone memory milestone) = _milestone(seed);
        if (id == 0) return;
        (bytes memory refusal, string memory outcome) = _releaseRefusal(id, milestone);
        IToken token = IToken(milestone.token);
        uint256 before = token.balanceOf(address(_ROUTER));
        uint256 part = Math.min(
            milestone.amount - _paidOf[id],
            _COMMONS.releasable(milestone.programmeId, milestone.token)
        );
        if (!_release(id, milestone, refusal, "A vault pays a milestone as proposed, once"))
            return _did(outcome);

        _modelPart(id, milestone, part);
        if (milestone.capsuleId == 0) _modelResearch(token, milestone.steward, part);
        else _modelService(token, milestone.capsuleId, part);
        checkEq(
            token.balanceOf(address(_ROUTER)) - before,
            milestone.capsuleId == 0 ? 0 : part,
            "The router gets the payments of services, and nothing of research"
        );
    }

    /// @dev Uses up the part of the limit, after what expired since the last release.
    function _modelPart(uint64 id, ICommons.Milestone memory milestone, uint256 part) private {
        IToken token = IToken(milestone.token);
        VaultModel storage vault = _vaults[milestone.programmeId][token];
        uint256 balance = _balanceOf(milestone.programmeId, token);
        uint256 limit = _limitNow();
        checkEq(_COMMONS.releaseLimit(), limit, "Raises wait for 30 days, cuts do not");
        uint256 rest = milestone.amount - _paidOf[id];
        if (_now >= vault.releasedAt + PERIOD) {
            uint256 most = Math.min(rest, (balance * limit) / 10_000);
            checkEq(part, most, "After 30 days a vault gives its whole part");
        }
        vault.used = Math.saturatingSub(vault.used, (_now - vault.releasedAt) * PRECISION);
        vault.used += (part * PERIOD * PRECISION * 10_000) / (balance * limit);
        vault.releasedAt = _now;
        vault.released += part;
        _paidOf[id] += part;
        checkEq(_COMMONS.milestoneOf(id).released, _paidOf[id], "A milestone counts its parts");
        if (part != rest) return _did("release of a part");
        _status[id] = ICommons.MilestoneStatus.Released;
        _released.push(id);
    }

    /// @dev Why governance cannot release it, in the order of the checks. Empty if it can.
    function _releaseRefusal(
        uint64 id,
        ICommons.Milestone memory milestone
    ) private view returns (bytes memory refusal, string memory outcome) {
        if (_status[id] != ICommons.MilestoneStatus.Proposed) {
            refusal = abi.encodeWithSelector(ICommons.MilestoneStatusInvalid.selector, id, _status[id]);
            return (refusal, "release of an ended milestone");
        }
        address steward = _COMMONS.programmeOf(milestone.programmeId).steward;
        if (steward != milestone.steward) {
            refusal = abi.encodeWithSelector(ICommons.MilestoneStewardReplaced.selector, id, steward);
            return (refusal, "release after a handover");
        }
        if (_now < _standsFrom(id, milestone.programmeId))
            return (_tooEarly(id, milestone.programmeId), "release before its time");
        if (_COMMONS.releasable(milestone.programmeId, milestone.token) == 0) {
            refusal = abi.encodeWithSelector(
                ICommons.VaultNothingReleasable.selector,
                milestone.programmeId,
                milestone.token
            );
            return (refusal, "release of nothing");
        }
        if (milestone.capsuleId > CAPSULES) {
            refusal = abi.encodeWithSelector(
                IERC721Errors.ERC721NonexistentToken.selector,
                milestone.capsuleId
            );
            return (refusal, "release to no capsule");
        }
    }

    function _balanceOf(uint64 programmeId, IToken token) private view returns (uint256) {
        VaultModel storage vault = _vaults[programmeId][token];
        return vault.received - vault.released;
    }

    function _standsFrom(uint64 id, uint64 programmeId) private view returns (uint256) {
        return Math.max(_proposedAt[id], _stewardSince[programmeId]) + PERIOD;
    }

    function _tooEarly(uint64 id, uint64 programmeId) private view returns (bytes memory) {
        return
            abi.encodeWithSelector(
                ICommons.MilestoneNotReleasableYet.selector,
                id,
                _standsFrom(id, programmeId)
            );
    }

    function _release(
        uint64 id,
        ICommons.Milestone memory milestone,
        bytes memory refusal,
        string memory sentence
    ) private returns (bool) {
        return callAs(address(this), address(_COMMONS), _releaseData(id, milestone), refusal, sentence);
    }

    function _releaseData(
        uint64 id,
        ICommons.Milestone memory milestone
    ) internal view returns (bytes memory) {
        return
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
            );
    }

    function _modelResearch(IToken token, address steward, uint256 amount) private {
        _paid[steward][token] += amount;
        _did("release");
    }

    function _modelService(IToken token, uint64 capsuleId, uint256 amount) private {
        _served[token] += amount;
        _revenue[capsuleId][token] += amount;
        _did("release to a service");
    }

    /// @dev The platform's part of services comes back to the Commons and is unassigned.
    function claimPlatform(uint256 seed) external {
        (uint64 capsuleId, IToken token) = (uint64(1 + ((seed >> 96) % CAPSULES)), _token(seed));
        uint256 platform = (3 * _revenue[capsuleId][token]) / 10 / 3;
        if (platform == _platform[capsuleId][token]) return;
        ISettlementRouter.Claim[] memory claims = new ISettlementRouter.Claim[](1);
        claims[0] = ISettlementRouter.Claim(capsuleId, 1, address(token), 0, 1);
        _ROUTER.claim(claims);
        _unassigned[token] += platform - _platform[capsuleId][token];
        _platform[capsuleId][token] = platform;
        _did("claimPlatform");
    }

    /// @dev Asks for more than the vault holds. Nothing is paid at once; later releases pay parts.
    function overdraw(uint256 seed) external warped {
        (uint64 programmeId, IToken token) = (_programme(seed), _token(seed));
        uint128 amount = uint128(_balanceOf(programmeId, token) + 1);
        uint64 id = _propose(programmeId, token, amount, seed);
        bytes memory refusal = _tooEarly(id, programmeId);
        _release(id, _COMMONS.milestoneOf(id), refusal, "No milestone is paid before it stood for 30 days");
        _did("overdraw");
    }

    function repeat(uint256 seed) external {
        if (_released.length == 0) return;
        uint64 id = _released[seed % _released.length];
        bytes memory refusal = abi.encodeWithSelector(
            ICommons.MilestoneStatusInvalid.selector,
            id,
            ICommons.MilestoneStatus.Released
        );
        _release(id, _COMMONS.milestoneOf(id), refusal, "No milestone is paid twice");
        _did("repeat");
    }

    // Choosing

    /// @dev An existing capsule, or the id after the last.
    function _capsule(uint256 seed) internal pure returns (uint64) {
        return uint64(1 + ((seed >> 96) % (CAPSULES + 1)));
    }

    /// @dev One of the newest eight: they are more likely to be proposed still.
    function _milestone(uint256 seed) internal view returns (uint64 id, ICommons.Milestone memory milestone) {
        uint64 last = _COMMONS.lastMilestoneId();
        if (last == 0) return (0, milestone);
        id = last - uint64((seed >> 32) % (last < 8 ? last : 8));
        milestone = _COMMONS.milestoneOf(id);
    }
}
