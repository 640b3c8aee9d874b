// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";

import {IFoundationCoin} from "./IFoundationCoin.sol";
import {Subsidy} from "./Subsidy.sol";

/// @notice The coin minted for proven benefit: a transferable ERC-20 with timestamp-based votes and no owner.
contract FoundationCoin is IFoundationCoin, ERC20Permit, ERC20Votes {
    address public immutable MINTER;

    /// @param minter the only minter, permanently
    constructor(address minter) ERC20("Foundation Coin", "FC") ERC20Permit("Foundation Coin") {
        MINTER = minter;
    }

    /// @inheritdoc IFoundationCoin
    function mint(address to, uint256 amount) external {
        if (msg.sender != MINTER) revert CoinCallerNotMinter(msg.sender);
        _mint(to, amount);
    }

    /// @notice Eight, like Bitcoin.
    function decimals() public pure override returns (uint8) {
        return 8;
    }

    /// @notice Clock of vote checkpoints: seconds since 1970.
    function clock() public view override returns (uint48) {
        return Time.timestamp();
    }

    /// @notice The clock's description after ERC-6372.
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    /// @notice Next nonce of an account, shared by permits and delegations.
    function nonces(address owner) public view override(ERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Votes) {
        super._update(from, to, value);
    }

    function _maxSupply() internal pure override returns (uint256) {
        return Subsidy.TOTAL;
    }
}
