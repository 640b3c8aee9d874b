// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DateTimeLib} from "solady/src/utils/DateTimeLib.sol";
import {LibBit} from "solady/src/utils/LibBit.sol";
import {LibString} from "solady/src/utils/LibString.sol";

/// @notice Numbers, times and URIs of licenses as text.
library LicenseText {
    using LibString for string;
    using LibString for uint256;

    bytes16 private constant HEX = "0123456789ABCDEF";

    /// @notice A number in groups of three digits, such as 1,234,567.
    function grouped(uint256 value) internal pure returns (string memory text) {
        text = value.toString();
        for (uint256 end = bytes(text).length; end > 3;) {
            end -= 3;
            text = string.concat(text.slice(0, end), ",", text.slice(end));
        }
    }

    /// @notice A span in days or hours if it is a whole number of them, else in seconds.
    function duration(uint256 secondsInAll) internal pure returns (string memory) {
        if (secondsInAll == type(uint40).max) return "No end";
        if (secondsInAll % 1 days == 0) return _counted(secondsInAll / 1 days, " day");
        if (secondsInAll % 1 hours == 0) return _counted(secondsInAll / 1 hours, " hour");
        return _counted(secondsInAll, " second");
    }

    function _counted(uint256 count, string memory unit) private pure returns (string memory) {
        return string.concat(grouped(count), unit, count == 1 ? "" : "s");
    }

    /// @notice Basis points as a percentage, such as 2.5 %.
    function percentage(uint256 bps) internal pure returns (string memory) {
        string memory whole = (bps / 100).toString();
        if (bps % 100 == 0) return string.concat(whole, " %");
        string memory fraction = bps % 10 == 0 ? ((bps % 100) / 10).toString() : _twoDigits(bps % 100);
        return string.concat(whole, ".", fraction, " %");
    }

    /// @notice The date of a time in UTC as YYYY-MM-DD.
    function date(uint256 time) internal pure returns (string memory) {
        if (time == type(uint40).max) return "No end";
        (uint256 year, uint256 month, uint256 day) = DateTimeLib.timestampToDate(time);
        return string.concat(year.toString(), "-", _twoDigits(month), "-", _twoDigits(day));
    }

    function _twoDigits(uint256 value) private pure returns (string memory) {
        return string.concat(value < 10 ? "0" : "", value.toString());
    }

    /// @notice A URI in printable ASCII: all other bytes, spaces and ASCII that URIs do not permit are percent-encoded.
    /// @dev RFC 3987 maps other characters to URIs the same way. The rest has neither controls nor markup nor quotes.
    function percentEncoded(string memory uri) internal pure returns (string memory) {
        bytes memory from = bytes(uri);
        bytes memory to = new bytes(3 * from.length);
        uint256 length;
        for (uint256 i; i < from.length; ++i) {
            bytes1 char = from[i];
            if (_isPermitted(uint8(char))) {
                to[length++] = char;
            } else {
                (to[length], to[length + 1], to[length + 2]) = (
                    "%",
                    HEX[uint8(char) >> 4],
                    HEX[uint8(char) & 15]
                );
                length += 3;
            }
        }
        return string(to).slice(0, length);
    }

    /// @dev RFC 3986: unreserved and reserved characters, and "%".
    function _isPermitted(uint8 char) private pure returns (bool) {
        if (char <= 0x20 || char >= 0x7f) return false;
        return
            char != 0x22 && // "
            char != 0x3c && // <
            char != 0x3e && // >
            char != 0x5c && // \
            char != 0x5e && // ^
            char != 0x60 && // `
            (char < 0x7b || char == 0x7e); // { | }
    }

    /// @notice At most `length` characters of ASCII text: the middle gives way to three points.
    function shortened(string memory text, uint256 length) internal pure returns (string memory) {
        uint256 actual = bytes(text).length;
        if (actual <= length) return text;
        uint256 tail = (length - 3) / 3;
        return string.concat(text.slice(0, length - 3 - tail), "...", text.slice(actual - tail));
    }

    /// @notice The number of bits set.
    function bitsOf(uint256 set) internal pure returns (uint256) {
        return LibBit.popCount(set);
    }
}
