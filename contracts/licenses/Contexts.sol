// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {LibString} from "solady/src/utils/LibString.sol";

import {ITermsRegistry} from "./ITermsRegistry.sol";

/// @notice The part of the terms registry about contexts of use: the codes of purposes, sectors and territories.
abstract contract Contexts is ITermsRegistry, AccessControl {
    /// @dev The bits of `Conditions.contexts`.
    uint256 internal constant MAX_CONTEXTS = 32;
    uint256 internal constant MAX_NAME_BYTES = 31;
    /// @dev a to z, 0 to 9 and the hyphen.
    uint128 internal constant NAME_CHARACTERS =
        LibString.LOWERCASE_7_BIT_ASCII | LibString.DIGITS_7_BIT_ASCII | (1 << 0x2d);

    Context[] private _contexts;
    mapping(string name => bool) private _isDefined;

    constructor(Context[] memory contexts) {
        for (uint256 i; i < contexts.length; ++i) _define(contexts[i].kind, contexts[i].name);
    }

    /// @inheritdoc ITermsRegistry
    function defineContext(
        ContextKind kind,
        string calldata name
    ) external onlyRole(DEFAULT_ADMIN_ROLE) returns (uint8 code) {
        return _define(kind, name);
    }

    function _define(ContextKind kind, string memory name) private returns (uint8 code) {
        if (_contexts.length == MAX_CONTEXTS) revert ContextsTooMany(MAX_CONTEXTS);
        uint256 length = bytes(name).length;
        if (length == 0 || length > MAX_NAME_BYTES || !LibString.is7BitASCII(name, NAME_CHARACTERS))
            revert ContextNameInvalid(name);
        if (_isDefined[name]) revert ContextAlreadyDefined(name);

        code = uint8(_contexts.length);
        _contexts.push(Context(kind, name));
        _isDefined[name] = true;

        emit ContextDefined(code, kind, name);
    }

    /// @inheritdoc ITermsRegistry
    function contextsDefined() public view returns (uint32) {
        return uint32((uint256(1) << _contexts.length) - 1);
    }

    /// @inheritdoc ITermsRegistry
    function contextOf(uint8 code) external view returns (Context memory) {
        if (code >= _contexts.length) revert ContextUndefined(code);
        return _contexts[code];
    }
}
