// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISubnetEpochs} from "../../../contracts/subnets/ISubnetEpochs.sol";
import {ISubnetPots} from "../../../contracts/subnets/ISubnetPots.sol";
import {ISubnets} from "../../../contracts/subnets/ISubnets.sol";
import {IToken} from "../../utils/Contracts.sol";
import {ScoreHandler} from "./ScoreHandler.sol";

/// @notice Sponsors fund pots in two tokens. People claim shares, and move what pays nobody.
abstract contract PotHandler is ScoreHandler {
    uint256 private constant MOST_COINS = 20e8;
    uint256 private constant MOST_TOKENS = 2 ** 80;

    mapping(uint32 subnetId => mapping(uint32 epoch => mapping(IToken token => mapping(uint256 index => bool))))
        private _claimed;
    mapping(uint256 fundingId => mapping(uint256 i => bool)) private _reclaimed;

    constructor() {
        _add(PotHandler.fund.selector, 5);
        _add(PotHandler.claim.selector, 5);
        _add(PotHandler.rollOver.selector, 2);
        _add(PotHandler.reclaim.selector, 2);
        _add(PotHandler.bequeath.selector, 2);
        _add(PotHandler.donate.selector, 1);
        _add(PotHandler.trespass.selector, 1);
        string[11] memory outcomes = [
            "fund",
            "claim",
            "claim of all shares",
            "rollOver",
            "reclaim",
            "bequeath",
            "donate",
            "donate to a vote holder",
            "claim refused",
            "rollOver refused",
            "reclaim refused"
        ];
        for (uint256 i; i < outcomes.length; ++i) _expect(outcomes[i], 2);
    }

    // Funding

    function fund(uint256 seed) external warped {
        (address sponsor, IToken token) = (_person(seed), _token(seed));
        // Some sponsors meet in the newest subnet, which is retired some day.
        uint32 subnetId = _pick(seed, 5, 3) == 0 ? _HUB.lastSubnetId() : _subnet(seed);
        uint32 first = _epoch(subnetId) + uint32(_pick(seed, 1, 2));
        uint16 epochs = uint16(1 + _pick(seed, 2, 4));
        uint32 retiredFrom = _retiredFrom[subnetId];
        if (retiredFrom != 0 && first + epochs > retiredFrom) return;
        uint128 amount = uint128(1 + _pick(seed, 3, _isCoin(token) ? MOST_COINS : MOST_TOKENS));
        // Most tokens have amounts far below.
        if (_pick(seed, 4, 2) == 0) amount = uint128(1 + (amount % 1_000));
        if (!_isCoin(token)) token.mint(sponsor, uint256(amount) * epochs);
        VM.prank(sponsor);
        _HUB.fund(subnetId, address(token), amount, first, epochs);
        for (uint32 epoch = first; epoch < first + epochs; ++epoch) {
            PotModel storage pot = _pot(subnetId, token, epoch);
            (pot.total, pot.sponsored) = (pot.total + amount, pot.sponsored + amount);
        }
        _inPots[token] += uint256(amount) * epochs;
        _did("fund");
    }

    // Claiming

    /// @dev Some or all shares of one of the newest epochs.
    function claim(uint256 seed) external warped {
        if (_runs.length == 0) return;
        EpochKey memory key = _runs[_runs.length - 1 - _pick(seed, 1, _runs.length < 4 ? _runs.length : 4)];
        IToken token = _token(seed);
        PotModel storage pot = _pots[key.subnetId][token][key.epoch];
        if (pot.total == 0 || !_isPaid[key.subnetId][key.epoch]) return;
        ISubnetEpochs.Share[] memory shares = _HUB.sharesOf(key.subnetId, key.epoch);
        uint256 chosen = _pick(seed, 2, 2) == 0 ? type(uint256).max : _pick(seed, 3, 1 << shares.length);
        uint256[] memory indexes = _unclaimed(key, token, shares, chosen);
        if (indexes.length == 0) return;

        _checkClaim(key, token, shares, indexes);
        checkAtMost(pot.paid, pot.total, "Payouts of an epoch stay within its pot");
        _did("claim");
        _claimAgain(key, token, indexes);
        if (_unclaimed(key, token, shares, type(uint256).max).length != 0) return;
        check(pot.total - pot.paid < shares.length, "After all claims less than n base units are left");
        _did("claim of all shares");
    }

    function _claimAgain(EpochKey memory key, IToken token, uint256[] memory indexes) private {
        _mustFail(
            abi.encodeCall(_HUB.claim, (key.subnetId, key.epoch, address(token), indexes)),
            abi.encodeWithSelector(
                ISubnetPots.ShareAlreadyClaimed.selector,
                key.subnetId,
                address(token),
                key.epoch,
                indexes[0]
            ),
            "No share is paid twice"
        );
        _did("claim refused");
    }

    function _mustFail(bytes memory data, bytes memory refusal, string memory sentence) private {
        callAs(_people[0], address(_HUB), data, refusal, sentence);
    }

    /// @dev Indexes with a payout, among those whose bit is set.
    function _unclaimed(
        EpochKey memory key,
        IToken token,
        ISubnetEpochs.Share[] memory shares,
        uint256 chosen
    ) private view returns (uint256[] memory indexes) {
        (uint256 total, uint256 whole) = (_pots[key.subnetId][token][key.epoch].total, _wholeOf(shares));
        indexes = new uint256[](shares.length);
        uint256 count;
        for (uint256 i; i < shares.length; ++i) {
            if ((chosen >> i) & 1 == 0 || (total * shares[i].share) / whole == 0) continue;
            if (!_claimed[key.subnetId][key.epoch][token][i]) indexes[count++] = i;
        }
        assembly ("memory-safe") {
            mstore(indexes, count)
        }
    }

    /// @dev Of an epoch that paid: above 0.
    function _wholeOf(ISubnetEpochs.Share[] memory shares) private pure returns (uint256 whole) {
        for (uint256 i; i < shares.length; ++i) whole += shares[i].share;
    }

    function _checkClaim(
        EpochKey memory key,
        IToken token,
        ISubnetEpochs.Share[] memory shares,
        uint256[] memory indexes
    ) private {
        PotModel storage pot = _pots[key.subnetId][token][key.epoch];
        uint256[] memory before = _balances(token);
        uint256 held = token.balanceOf(address(_HUB));
        _HUB.claim(key.subnetId, key.epoch, address(token), indexes);
        (uint256 paid, uint256 whole) = (0, _wholeOf(shares));
        for (uint256 i; i < indexes.length; ++i) {
            ISubnetEpochs.Share memory share = shares[indexes[i]];
            uint256 amount = (pot.total * share.share) / whole;
            before[_indexOf(share.account)] += amount;
            paid += amount;
            _claimed[key.subnetId][key.epoch][token][indexes[i]] = true;
        }
        uint256[] memory present = _balances(token);
        for (uint256 i; i < PEOPLE; ++i)
            checkEq(present[i], before[i], "An account is paid its shares of the pot, rounded down");
        checkEq(held - token.balanceOf(address(_HUB)), paid, "A pot pays the shares that are claimed");
        pot.paid += paid;
        _inPots[token] -= paid;
    }

    function _balances(IToken token) private view returns (uint256[] memory balances) {
        balances = new uint256[](PEOPLE);
        for (uint256 i; i < PEOPLE; ++i) balances[i] = token.balanceOf(_people[i]);
    }

    function _indexOf(address person) private view returns (uint256 i) {
        while (_people[i] != person) ++i;
    }

    // Moving pots without payment

    function rollOver(uint256 seed) external warped {
        PotKey memory key = _findPot(seed, _canRollOver);
        if (key.subnetId == 0) return;
        _HUB.rollOver(key.subnetId, address(key.token), key.epoch);
        PotModel storage pot = _pots[key.subnetId][key.token][key.epoch];
        uint256 amount = pot.total;
        (pot.total, pot.sponsored) = (0, 0);
        _pot(key.subnetId, key.token, _toEpoch(key.subnetId)).total += amount;
        _did("rollOver");
    }

    /// @dev The first pot, from a random one on, with that property. Zeros if none of 16 has it.
    function _findPot(
        uint256 seed,
        function(PotKey memory) view returns (bool) holds
    ) private view returns (PotKey memory key) {
        uint256 length = _potKeys.length;
        uint256 first = _pick(seed, 1, length);
        for (uint256 i; i < 16 && i < length; ++i) {
            key = _potKeys[(first + i) % length];
            if (holds(key)) return key;
        }
        return PotKey(0, 0, _TOKEN);
    }

    function _canRollOver(PotKey memory key) internal view returns (bool) {
        if (_isRetired(key.subnetId) || !_isDead(key.subnetId, key.epoch)) return false;
        if (key.epoch >= _epoch(key.subnetId) || _toEpoch(key.subnetId) == _retiredFrom[key.subnetId])
            return false;
        return _pots[key.subnetId][key.token][key.epoch].total != 0;
    }

    function _toEpoch(uint32 subnetId) private view returns (uint32) {
        bool late = _phase(subnetId) == ISubnets.Phase.Score || _phase(subnetId) == ISubnets.Phase.Reveal;
        return _epoch(subnetId) + (late ? 1 : 0);
    }

    function reclaim(uint256 seed) external warped {
        uint256 last = _HUB.lastFundingId();
        if (last == 0) return;
        uint256 first = _pick(seed, 1, last);
        for (uint256 k; k < 8 && k < last; ++k) {
            uint256 id = 1 + ((first + k) % last);
            ISubnetPots.Funding memory funding = _HUB.fundingOf(id);
            if (!_isRetired(funding.subnetId)) continue;
            uint256 amount = _modelReclaim(id, funding);
            if (amount == 0) continue;
            _checkReclaim(id, funding, amount);
            return _did("reclaim");
        }
    }

    function _modelReclaim(uint256 id, ISubnetPots.Funding memory funding) private returns (uint256 amount) {
        for (uint32 i; i < funding.epochs; ++i) {
            uint32 epoch = funding.firstEpoch + i;
            PotModel storage pot = _pots[funding.subnetId][IToken(funding.token)][epoch];
            if (_reclaimed[id][i] || pot.sponsored == 0 || !_isDead(funding.subnetId, epoch)) continue;
            _reclaimed[id][i] = true;
            pot.total -= funding.amountPerEpoch;
            pot.sponsored -= funding.amountPerEpoch;
            amount += funding.amountPerEpoch;
        }
    }

    function _checkReclaim(uint256 id, ISubnetPots.Funding memory funding, uint256 amount) private {
        IToken token = IToken(funding.token);
        uint256 before = token.balanceOf(funding.sponsor);
        _HUB.reclaim(id);
        uint256 returned = token.balanceOf(funding.sponsor) - before;
        checkEq(returned, amount, "A sponsor gets back what pays nobody, once");
        _inPots[token] -= amount;
        _mustFail(
            abi.encodeCall(_HUB.reclaim, (id)),
            abi.encodeWithSelector(ISubnetPots.FundingNothingToReclaim.selector, id),
            "A sponsor gets back what pays nobody, once"
        );
    }

    /// @dev To the first subnet, which is never retired.
    function bequeath(uint256 seed) external warped {
        PotKey memory key = _findPot(seed, _canBequeath);
        if (key.subnetId == 0) return;
        _HUB.bequeath(key.subnetId, address(key.token), key.epoch, 1);
        PotModel storage pot = _pots[key.subnetId][key.token][key.epoch];
        uint256 amount = pot.total - pot.sponsored;
        pot.total = pot.sponsored;
        _pot(1, key.token, _toEpoch(1)).total += amount;
        _did("bequeath");
    }

    function _canBequeath(PotKey memory key) internal view returns (bool) {
        if (!_isRetired(key.subnetId) || !_isDead(key.subnetId, key.epoch)) return false;
        PotModel storage pot = _pots[key.subnetId][key.token][key.epoch];
        return pot.total > pot.sponsored;
    }

    // Failing

    /// @dev Moves a pot that pays somebody or may still do, and reclaims from a live subnet.
    function trespass(uint256 seed) external warped {
        PotKey memory key = _findPot(seed, _isAlive);
        if (key.subnetId != 0) {
            bytes memory refusal = abi.encodeWithSelector(
                ISubnetPots.PotNotDead.selector,
                key.subnetId,
                key.epoch
            );
            bytes memory data = abi.encodeCall(_HUB.rollOver, (key.subnetId, address(key.token), key.epoch));
            _mustFail(data, refusal, "A pot that may pay somebody stays");
            _did("rollOver refused");
        }
        uint256 id = 1 + _pick(seed, 2, _HUB.lastFundingId() + 1);
        uint32 subnetId = _HUB.fundingOf(id).subnetId;
        if (subnetId == 0 || _isRetired(subnetId)) return;
        _mustFail(
            abi.encodeCall(_HUB.reclaim, (id)),
            abi.encodeWithSelector(ISubnetPots.SubnetNotRetired.selector, subnetId),
            "Sponsors of a live subnet cannot reclaim"
        );
        _did("reclaim refused");
    }

    function _isAlive(PotKey memory key) internal view returns (bool) {
        return !_isRetired(key.subnetId) && !_isDead(key.subnetId, key.epoch);
    }

    // Donating

    function donate(uint256 seed) external warped {
        (address person, IToken token) = (_person(seed), _token(seed));
        uint256 amount = 1 + _pick(seed, 1, COIN);
        if (!_isCoin(token)) token.mint(person, amount);
        address holder = _HUB.voteHolderOf(_person(seed >> 32));
        bool toHolder = _isCoin(token) && holder != address(0) && _pick(seed, 2, 2) == 0;
        if (toHolder) _heldGifts[holder] += amount;
        else _gifts[token] += amount;
        VM.prank(person);
        token.transfer(toHolder ? holder : address(_HUB), amount);
        _did(toHolder ? "donate to a vote holder" : "donate");
    }
}
