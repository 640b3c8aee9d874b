// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

// JSON and SVG have double quotes inside.
// solhint-disable quotes

import {LibString} from "solady/src/utils/LibString.sol";

import {LicenseText} from "./LicenseText.sol";

/// @notice Draws a license as a card in SVG.
library LicensePicture {
    using LibString for string;
    using LibString for uint256;

    uint256 private constant FIRST_ROW = 262;
    uint256 private constant ROW = 38;
    uint256 private constant COLUMNS = 4;
    uint256 private constant CHIP = 38;

    /// @notice A license's facts as text, neither escaped nor shortened.
    struct Facts {
        string licenseId;
        string capsuleId;
        string kind;
        string uri;
        string status;
        string units;
        string maxUnits;
        string term;
        string expiry;
        string transferable;
        string derivatives;
        string revocable;
        string[] contexts;
    }

    /// @notice The card. It grows with the number of contexts.
    function draw(Facts memory facts) internal pure returns (string memory) {
        (string memory rows, uint256 y) = _rows(facts);
        string memory chips;
        (chips, y) = _chips(facts.contexts, y + 14);
        return string.concat(_open(y + 30), _head(facts), rows, chips, "</g></svg>");
    }

    function _open(uint256 height) private pure returns (string memory) {
        string memory size = height.toString();
        return
            string.concat(
                '<svg xmlns="http://www.w3.org/2000/svg" width="640" height="',
                size,
                '" viewBox="0 0 640 ',
                size,
                '"><defs><linearGradient id="g" x2="1" y2="1"><stop stop-color="#0b1d36"/>',
                '<stop offset="1" stop-color="#0f4a4c"/></linearGradient></defs>',
                '<rect width="640" height="100%" rx="24" fill="url(#g)"/>',
                '<g font-family="Helvetica,Arial,sans-serif" fill="#f2f7fb">'
            );
    }

    function _head(Facts memory facts) private pure returns (string memory) {
        return
            string.concat(
                _text(
                    'x="40" y="62" font-size="17" letter-spacing="3" fill="#6fd3c4"',
                    "BENEFIT GRID LICENSE"
                ),
                _text('x="600" y="62" font-size="17" text-anchor="end"', string.concat("#", facts.licenseId)),
                _text('x="40" y="128" font-size="46" font-weight="bold"', facts.kind),
                _pill(facts.status),
                _text('x="40" y="164" font-size="20"', string.concat("Capsule ", facts.capsuleId)),
                _text(
                    'x="40" y="196" font-size="15" font-family="monospace" fill="#a9c1d3"',
                    LicenseText.shortened(facts.uri, 60)
                ),
                '<path d="M40 222H600" stroke="#6fd3c4" stroke-opacity=".4"/>'
            );
    }

    function _pill(string memory status) private pure returns (string memory) {
        string memory color =
            status.eq("Active")
                ? "#2fb58d"
                : status.eq("Ended")
                    ? "#7d8b99"
                    : "#d9a13b";
        return
            string.concat(
                '<rect x="490" y="96" width="110" height="36" rx="18" fill="',
                color,
                '"/>',
                _text(
                    'x="545" y="120" font-size="17" font-weight="bold" text-anchor="middle" fill="#08182b"',
                    status
                )
            );
    }

    function _rows(Facts memory facts) private pure returns (string memory rows, uint256 y) {
        y = FIRST_ROW;
        (rows, y) = _row(rows, y, "Units prepaid", facts.units);
        (rows, y) = _row(rows, y, "Most units bought in a term", facts.maxUnits);
        (rows, y) = _row(rows, y, "Term", facts.term);
        (rows, y) = _row(rows, y, "Valid until (UTC)", facts.expiry);
        (rows, y) = _row(rows, y, "Transferable", facts.transferable);
        (rows, y) = _row(rows, y, "Derivatives", facts.derivatives);
        (rows, y) = _row(rows, y, "Revocable", facts.revocable);
    }

    function _row(
        string memory rows,
        uint256 y,
        string memory label,
        string memory value
    ) private pure returns (string memory, uint256 next) {
        string memory place = string.concat('y="', y.toString(), '" font-size="19"');
        rows = string.concat(rows, _text(string.concat('x="40" fill="#a9c1d3" ', place), label));
        rows = string.concat(rows, _text(string.concat('x="600" text-anchor="end" ', place), value));
        return (rows, y + ROW);
    }

    function _chips(
        string[] memory contexts,
        uint256 y
    ) private pure returns (string memory chips, uint256 end) {
        chips = _text(
            string.concat('x="40" font-size="19" fill="#a9c1d3" y="', y.toString(), '"'),
            "Allowed contexts"
        );
        y += 18;
        for (uint256 i; i < contexts.length; ++i) {
            uint256 x = 40 + (i % COLUMNS) * 142;
            chips = string.concat(chips, _chip(x, y + (i / COLUMNS) * CHIP, contexts[i]));
        }
        end = y + ((contexts.length + COLUMNS - 1) / COLUMNS) * CHIP;
    }

    function _chip(uint256 x, uint256 y, string memory name) private pure returns (string memory) {
        return
            string.concat(
                '<rect x="',
                x.toString(),
                '" y="',
                y.toString(),
                '" width="134" height="30" rx="15" fill="#6fd3c4" fill-opacity=".16"/>',
                _text(
                    string.concat(
                        'x="',
                        (x + 67).toString(),
                        '" y="',
                        (y + 20).toString(),
                        '" font-size="14" text-anchor="middle"'
                    ),
                    LicenseText.shortened(name, 16)
                )
            );
    }

    function _text(string memory attributes, string memory text) private pure returns (string memory) {
        return string.concat("<text ", attributes, ">", text.escapeHTML(), "</text>");
    }
}
