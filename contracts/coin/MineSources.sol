// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBenefitMine} from "./IBenefitMine.sol";
import {MineRounds} from "./MineRounds.sol";

/// @notice The part of the mine about sources: their caps, their books, and stops that void books.
abstract contract MineSources is MineRounds {
    /// @dev `cap` applies from round `capFrom` on, `previousCap` before. Reports until a stop are in one book.
    struct Reporter {
        uint88 cap; // slot 0
        uint88 previousCap;
        uint32 capFrom;
        uint32 book;
        bool admitted;
    }

    /// @dev Units of use, and their benefit, which is at most as much.
    struct Tally {
        uint88 use;
        uint88 benefit;
    }

    /// @notice Duration from the end of a round until it can be closed, in seconds.
    uint256 public constant HOLD = 3 days;
    /// @notice Maximum number of sources stopped in a round.
    uint256 public constant MAX_STOPS = 32;
    /// @notice Role for `stopSource`: the guardian's and the timelock's. Granted by the admin role.
    bytes32 public constant STOPPER_ROLE = keccak256("STOPPER_ROLE");
    uint32 internal constant HOLD_ROUNDS = uint32(HOLD / ROUND);

    uint32 private _lastBook;
    mapping(address source => Reporter) internal _reporters;
    mapping(uint32 round => uint32[]) private _stoppedBooks;
    mapping(uint32 book => mapping(uint32 round => mapping(uint16 sector => Tally))) private _reports;
    mapping(uint32 book => mapping(uint32 round => mapping(uint16 sector => mapping(uint32 championId => Tally))))
        private _credits;

    // Booking

    function _book(
        Reporter storage reporter,
        uint32 round,
        uint16 sector,
        uint32 championId,
        Tally memory credit
    ) internal {
        uint32 book = reporter.book;
        Tally storage reported = _reports[book][round][sector];
        // Governance cannot lower a cap below earlier reports: it changes from the next round on.
        uint88 available = _capOf(reporter, round) - reported.use;
        if (credit.use > available) revert ReportExceedsCap(msg.sender, sector, credit.use, available);

        _add(reported, credit);
        _add(_credits[book][round][sector][championId], credit);
    }

    function _capOf(Reporter storage reporter, uint32 round) private view returns (uint88) {
        return reporter.capFrom <= round ? reporter.cap : reporter.previousCap;
    }

    function _add(Tally storage tally, Tally memory credit) private {
        (tally.use, tally.benefit) = (tally.use + credit.use, tally.benefit + credit.benefit);
    }

    /// @dev A champion's credits in `round` that are void: those of books stopped from then until `lastRound`.
    function _voidUntil(
        uint256 lastRound,
        uint32 round,
        uint16 sector,
        uint32 championId
    ) internal view returns (uint120 use, uint120 benefit) {
        for (uint256 i = round; i <= lastRound; ++i) {
            uint32[] storage stopped = _stoppedBooks[uint32(i)];
            uint256 count = stopped.length;
            for (uint256 j; j < count; ++j) {
                Tally memory credit = _credits[stopped[j]][round][sector][championId];
                (use, benefit) = (use + credit.use, benefit + credit.benefit);
            }
        }
    }

    // Governing sources

    /// @inheritdoc IBenefitMine
    function admitSource(address source, uint88 cap) external onlyRole(DEFAULT_ADMIN_ROLE) {
        Reporter storage reporter = _reporters[source];
        if (cap == 0) revert SourceCapZero(source);
        uint88 current = reporter.cap;
        if (current != 0 && current != cap) revert SourceCapMismatch(source, current);
        if (reporter.admitted) revert SourceAlreadyAdmitted(source);

        if (reporter.book == 0) reporter.book = ++_lastBook;
        (reporter.cap, reporter.admitted) = (cap, true);

        emit SourceAdmitted(source, cap);
    }

    /// @inheritdoc IBenefitMine
    function setSourceCap(address source, uint88 cap) external onlyRole(DEFAULT_ADMIN_ROLE) {
        Reporter storage reporter = _reporters[source];
        if (reporter.cap == 0) revert SourceNotAdmitted(source);
        if (cap == 0) revert SourceCapZero(source);
        uint32 round = currentRound();

        if (reporter.capFrom <= round) reporter.previousCap = reporter.cap;
        (reporter.cap, reporter.capFrom) = (cap, round + 1);

        emit SourceCapSet(source, round + 1, cap);
    }

    /// @inheritdoc IBenefitMine
    function removeSource(address source) external onlyRole(DEFAULT_ADMIN_ROLE) {
        if (!_reporters[source].admitted) revert SourceNotAdmitted(source);

        _remove(source);
    }

    function _remove(address source) private {
        _reporters[source].admitted = false;
        emit SourceRemoved(source);
    }

    /// @inheritdoc IBenefitMine
    function resign() external {
        if (!_reporters[msg.sender].admitted) revert CallerNotSource(msg.sender);
        _remove(msg.sender);
    }

    /// @inheritdoc IBenefitMine
    function stopSource(address source) external onlyRole(STOPPER_ROLE) {
        Reporter storage reporter = _reporters[source];
        uint32 book = reporter.book;
        if (book == 0) revert SourceNotAdmitted(source);
        uint32 round = currentRound();
        uint32[] storage stopped = _stoppedBooks[round];
        if (stopped.length == MAX_STOPS) revert StopsExceedMaximum(source, MAX_STOPS);

        (reporter.book, reporter.admitted) = (0, false);
        stopped.push(book);
        uint32 fromRound = round > HOLD_ROUNDS ? round - HOLD_ROUNDS : 1;
        for (uint32 i = fromRound; i <= round; ++i) _void(book, i);

        emit SourceStopped(source, fromRound);
    }

    function _void(uint32 book, uint32 round) private {
        uint16[] memory list = _sectors;
        for (uint256 i; i < list.length; ++i) {
            uint88 benefit = _reports[book][round][list[i]].benefit;
            if (benefit != 0) _sectorEarnings[round][list[i]].benefit -= benefit;
        }
    }

    // Reading

    /// @inheritdoc IBenefitMine
    function sourceOf(address source) external view returns (Source memory) {
        Reporter storage reporter = _reporters[source];
        return Source(_capOf(reporter, currentRound()), reporter.cap, reporter.admitted);
    }

    /// @inheritdoc IBenefitMine
    function reportedBy(address source, uint16 sector) external view returns (uint88) {
        return _reports[_reporters[source].book][currentRound()][sector].use;
    }
}
