// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IContributionPool} from "../../contracts/capsules/IContributionPool.sol";
import {PoolModel} from "./PoolModel.sol";

/// @notice Members join, leave, earn and withdraw; the curator credits. Each call succeeds, or fails as expected.
abstract contract PoolHandler is PoolModel {
    constructor() {
        _add(PoolHandler.join.selector, 2);
        _add(PoolHandler.quit.selector, 1);
        _add(PoolHandler.credit.selector, 4);
        _add(PoolHandler.donate.selector, 4);
        _add(PoolHandler.sync.selector, 1);
        _add(PoolHandler.withdraw.selector, 4);
        string[8] memory outcomes = [
            "join",
            "quit",
            "credit",
            "credit two",
            "credit refused",
            "donate",
            "sync",
            "withdraw"
        ];
        for (uint256 i; i < outcomes.length; ++i) _expect(outcomes[i], 10);
        // Only until each token is open.
        _expect("sync refused", 1);
        _expect("withdraw refused", 1);
    }

    function join(uint256 seed) external {
        uint256 i = _pick(seed, 1, MEMBERS);
        if (_joined[i]) return;
        VM.prank(_member(i));
        _pool.join(POLICY);
        _joined[i] = true;
        _did("join");
    }

    function quit(uint256 seed) external {
        uint256 i = _pick(seed, 1, MEMBERS);
        if (!_joined[i]) return;
        VM.prank(_member(i));
        _pool.quit();
        _joined[i] = false;
        _did("quit");
    }

    /// @dev One or two members, perhaps the same one, active in up to two tokens, perhaps the same one.
    function credit(uint256 seed) external {
        (uint256 count, uint256 named) = (1 + _pick(seed, 1, 2), _pick(seed, 2, 3));
        IContributionPool.Contribution[] memory batch = new IContributionPool.Contribution[](count);
        address[] memory currencies = new address[](named);
        uint256[2] memory who = [_pick(seed, 3, MEMBERS), _pick(seed, 4, MEMBERS)];
        uint256[2] memory tokens = [_pick(seed, 5, TOKENS), _pick(seed, 6, TOKENS)];
        bytes memory refusal;
        for (uint256 i; i < count; ++i) {
            uint64 units = uint64(1 + _pick(seed, 7 + i, MAX_UNITS));
            batch[i] = IContributionPool.Contribution(_member(who[i]), units, bytes32(seed));
            if (!_joined[who[i]] && refusal.length == 0)
                refusal = abi.encodeWithSelector(
                    IContributionPool.MemberNotConsenting.selector,
                    _member(who[i])
                );
        }
        for (uint256 i; i < named; ++i) currencies[i] = address(_tokens[tokens[i]]);
        bool ok = callAs(
            CURATOR,
            address(_pool),
            abi.encodeCall(IContributionPool.credit, (batch, currencies)),
            refusal,
            "A credit fails exactly if somebody did not consent"
        );
        if (!ok) return _did("credit refused");

        for (uint256 i; i < named; ++i) _modelSync(tokens[i]);
        for (uint256 i; i < count; ++i) {
            _units[who[i]] += batch[i].units;
            _total += batch[i].units;
        }
        for (uint256 i; i < named; ++i) {
            if (!_open[tokens[i]]) _modelSync(tokens[i]);
            for (uint256 j; j < count; ++j) _modelActivate(tokens[i], who[j]);
        }
        _did(count == 2 && who[0] != who[1] ? "credit two" : "credit");
    }

    function donate(uint256 seed) external {
        uint256 t = _pick(seed, 1, TOKENS);
        uint256 amount = 1 + _pick(seed, 2, _pick(seed, 3, 2) == 0 ? 10 : 1e24);
        _tokens[t].mint(address(_pool), amount);
        _arrived[t] += amount;
        _waiting[t] += amount;
        _did("donate");
    }

    function sync(uint256 seed) external {
        (uint256 t, uint256 i) = (_pick(seed, 1, TOKENS), _pick(seed, 2, MEMBERS + 1));
        address caller = i == MEMBERS ? STRANGER : _member(i);
        bool ok = callAs(
            caller,
            address(_pool),
            abi.encodeCall(IContributionPool.sync, (address(_tokens[t]))),
            _refusalOf(caller, t),
            "Strangers open no currency"
        );
        if (!ok) return _did("sync refused");
        _modelSync(t);
        _did("sync");
    }

    function _refusalOf(address caller, uint256 t) private view returns (bytes memory) {
        if (_open[t] || _pool.memberOf(caller).units != 0) return "";
        return abi.encodeWithSelector(IContributionPool.CurrencyNotOpen.selector, address(_tokens[t]));
    }

    function withdraw(uint256 seed) external {
        (uint256 t, uint256 i) = (_pick(seed, 1, TOKENS), _pick(seed, 2, MEMBERS));
        address caller = _pick(seed, 3, 2) == 0 ? STRANGER : _member(i);
        uint256 before = _tokens[t].balanceOf(_member(i));
        uint256 expected = _pool.withdrawable(_member(i), address(_tokens[t]));
        bool wasOpen = _open[t];
        bool ok = callAs(
            caller,
            address(_pool),
            abi.encodeCall(IContributionPool.withdraw, (_member(i), address(_tokens[t]))),
            _refusalOf(caller, t),
            "Anyone withdraws for a member from an open currency"
        );
        if (!ok) return _did("withdraw refused");
        uint256 paid = _tokens[t].balanceOf(_member(i)) - before;
        if (wasOpen) checkEq(paid, expected, "A member is paid what it was owed");
        checkEq(_pool.withdrawable(_member(i), address(_tokens[t])), 0, "Nothing is owed after a withdrawal");
        _modelSync(t);
        _modelActivate(t, i);
        _paid[t][i] += paid;
        _did("withdraw");
    }
}
