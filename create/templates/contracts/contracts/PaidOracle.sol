// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ILicenseNFT} from "@benefit-grid/contracts/licenses/ILicenseNFT.sol";
import {ITermsRegistry} from "@benefit-grid/contracts/licenses/ITermsRegistry.sol";
import {LicenseGated} from "@benefit-grid/contracts/licenses/LicenseGated.sol";
import {ISettlementRouter} from "@benefit-grid/contracts/settlement/ISettlementRouter.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @notice Takes questions from licensees, and pays everybody who made the model for each of them.
contract PaidOracle is LicenseGated {
    using SafeERC20 for IERC20;

    ISettlementRouter public immutable ROUTER;
    IERC20 public immutable TOKEN;
    /// @notice Price of a question, base units of `TOKEN`.
    uint128 public immutable PRICE;

    uint256 public lastQuestionId;

    event Asked(uint256 indexed questionId, address indexed user, uint64 indexed licenseId, string question);

    constructor(
        ILicenseNFT licenses,
        ITermsRegistry terms,
        ISettlementRouter router,
        uint64 capsuleId,
        IERC20 token,
        uint128 price
    ) LicenseGated(licenses, terms, capsuleId) {
        (ROUTER, TOKEN, PRICE) = (router, token, price);
    }

    /// @notice Asks a question. The caller needs a license for `contexts`, and has approved `PRICE` to this contract.
    function ask(
        uint64 licenseId,
        uint32 contexts,
        string calldata question
    ) external onlyLicensed(licenseId, contexts) returns (uint256 questionId) {
        questionId = ++lastQuestionId;
        emit Asked(questionId, msg.sender, licenseId, question);

        TOKEN.safeTransferFrom(msg.sender, address(this), PRICE);
        TOKEN.forceApprove(address(ROUTER), PRICE);
        // The router splits it 40/30/20/10 among the capsule's earners, who claim it whenever they like.
        ROUTER.pay(CAPSULE_ID, address(TOKEN), PRICE, "");
    }
}
